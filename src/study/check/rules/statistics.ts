// What chance and time make of a policy: queries that see something else, windows, counts and samples too small.
import type { Rule } from '../rule.js'
import { statisticsOfAnswers } from './statistics-answers.js'
import { statisticsOfPods } from './statistics-pods.js'
import { statisticsOfQueries } from './statistics-queries.js'
import { statisticsOfSamples } from './statistics-samples.js'
import { statisticsOfTime } from './statistics-time.js'

export const statistics: readonly Rule[] = [
  ...statisticsOfQueries,
  ...statisticsOfAnswers,
  ...statisticsOfTime,
  ...statisticsOfSamples,
  ...statisticsOfPods,
]
