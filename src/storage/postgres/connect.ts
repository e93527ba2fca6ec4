import type pg from 'pg'

export const MOST_CONNECTIONS = 10

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const TOO_MANY_CONNECTIONS = '53300'
const SHARED_FOR_MS = 10_000

/**
 * A connection of the pool's. Where the server, or the limit of the role, has no further one to give, those that are
 * there are shared for a while: work waits for one as if that were all, and is not refused.
 */
export async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  for (;;) {
    try {
      return await pool.connect()
    } catch (error) {
      // Those that are being opened count too, until each of them has failed.
      const { totalCount } = pool
      if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS || totalCount === 0) throw error
      pool.options.max = totalCount
      setTimeout(() => (pool.options.max = MOST_CONNECTIONS), SHARED_FOR_MS).unref()
    }
  }
}
