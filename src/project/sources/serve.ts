// The child's side of children.ts.

import { writeSync } from 'node:fs'

/** Answers what the parent asks until it is gone. `answer` must not throw. */
export function serve<Question, Answer>(answer: (question: Question) => Answer): void {
  process.on('message', (batch: readonly Question[]) => {
    const answers = batch.map((question) => {
      const answered = answer(question)
      writeSync(1, '.')
      return answered
    })
    process.send?.(answers)
  })
  process.on('disconnect', () => process.exit())
}
