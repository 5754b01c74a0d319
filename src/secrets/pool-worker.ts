// A worker thread: its own matcher, its part of each pack it is handed.

import { parentPort, workerData } from 'node:worker_threads'
import { type PackWork, workOn } from './pool-tasks.ts'
import { shippedMatcher } from './text.ts'

parentPort!.postMessage(workOn(shippedMatcher(), workerData as PackWork))
