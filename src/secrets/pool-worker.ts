// A worker thread: its own matcher, its part of each pack it is handed.

import { parentPort } from 'node:worker_threads'
import { type PackWork, workOn } from './pool-tasks.ts'
import { shippedMatcher } from './text.ts'

const matcher = shippedMatcher()
parentPort!.on('message', (work: PackWork) => parentPort!.postMessage(workOn(matcher, work)))
