// `npm run --silent ask`: answers questions about conditions and sizes, one JSON line in, one out, with the functions
// that simulate them. Questions and answers have the form that asking the controller's own functions has:
//
//   {"ask":"condition","vector":["0.1","NaN"],"success":"result[0] < 0.5","failure":""}   or "scalar":"0.1" or "json":…
//   {"ask":"replicas","replicas":10,"weight":20,"maxSurge":"25%","maxUnavailable":1,
//    "stable":{"spec":10,"available":10},"canary":{"spec":0,"available":0},"others":[{"spec":1,"available":1}]}
//   {"ask":"routed", … as replicas, with "dynamicStableScale", "minPods", "abort", "weights":{"canary":20,"stable":80}}
//
// The Rollout asked about has two steps, setWeight with the weight and a pause, and is at the first.
import { createInterface } from 'node:readline'
import { answer } from './answer.js'

for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  const given = answer(line)
  if (typeof given === 'string') process.stdout.write(`${given}\n`)
  else {
    process.stderr.write(`${given.error}: ${line}\n`)
    process.exitCode = 2
    break
  }
}
