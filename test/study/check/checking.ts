// Checks manifests that stand in texts.
import type { Logs } from '../../../src/scenario/access-log/replay.js'
import { type CheckWishes, check, jobsOf } from '../../../src/study/check/check.js'
import { type CheckReport, reportOf } from '../../../src/study/check/report.js'
import type { Rule } from '../../../src/study/check/rule.js'
import { conduct } from '../../../src/study/conduct.js'
import { OwnPilot } from '../../../src/study/crew.js'
import { fileMap } from '../../scenario/file-map.js'

export const noLogs: Logs = { open: async () => ({ missing: true }) }

export type Texts = Readonly<Record<string, string>>

export function checking(texts: Texts, wishes: Partial<CheckWishes> = {}, rules: readonly Rule[] = []) {
  return check({ paths: ['policy'], seed: 1, budgets: [], ...wishes }, rules, fileMap(texts), noLogs)
}

export async function reportFor(texts: Texts, wishes: Partial<CheckWishes> = {}): Promise<CheckReport> {
  const all: CheckWishes = { paths: ['policy'], seed: 1, budgets: [], ...wishes }
  const checked = await checking(texts, all)
  const jobs = jobsOf(checked, all)
  const results = await conduct(jobs, new OwnPilot())
  const { paths, seed, ratePerSecond = null } = all
  return reportOf(checked, jobs, results, { version: '1.0.0', paths, wantedRatePerSecond: ratePerSecond, seed })
}
