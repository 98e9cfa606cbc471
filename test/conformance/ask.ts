// `npm run --silent ask`: answers questions about conditions, sizes and queries, one JSON line in, one out, with the
// functions that simulate them. Questions and answers have the form that asking the real functions has:
//
//   {"ask":"condition","vector":["0.1","NaN"],"success":"result[0] < 0.5","failure":""}   or "scalar":"0.1" or "json":…
//   {"ask":"replicas","replicas":10,"weight":20,"maxSurge":"25%","maxUnavailable":1,
//    "stable":{"spec":10,"available":10},"canary":{"spec":0,"available":0},"others":[{"spec":1,"available":1}]}
//   {"ask":"routed", … as replicas, with "dynamicStableScale", "minPods", "abort", "weights":{"canary":20,"stable":80}}
//   {"series":["errors{job=\"a\"} 0+1x10"],"step":"15s"}   loads samples from time 0, in promtool's notation
//   {"query":"rate(errors[1m])","at":150}   or "from":0,"to":300,"every":15: of what was loaded last
//
// The Rollout asked about has two steps, setWeight with the weight and a pause, and is at the first.
import { createInterface } from 'node:readline'
import { isPromqlQuestion, PromqlAnswers } from '../metrics/promql/answers.js'
import { answer } from './answer.js'

const promql = new PromqlAnswers()

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const given = aboutPromql(line) ?? answer(line)
  if (typeof given === 'string') process.stdout.write(`${given}\n`)
  else {
    process.stderr.write(`${given.error}: ${line}\n`)
    process.exitCode = 2
    break
  }
}

function aboutPromql(line: string): string | undefined {
  const question = jsonObject(line)
  return question && isPromqlQuestion(question) ? JSON.stringify(promql.answer(question)) : undefined
}

/** What is no JSON, the other questions' reader complains of. */
function jsonObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
