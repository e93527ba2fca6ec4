import type { FastifyInstance } from 'fastify'

/**
 * Hangs up on requests whose bodies take longer than this: a body is held in memory until it is whole.
 */
export function endSlowBodies(scope: FastifyInstance, afterMs: number): void {
  scope.addHook('onRequest', async ({ raw }) => {
    if (raw.complete) return
    const end = setTimeout(() => raw.destroy(), afterMs).unref()
    raw.once('end', () => clearTimeout(end)).once('close', () => clearTimeout(end))
  })
}
