import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from, to } from 'pg-copy-streams'
import { type Bulk, timed } from '../support/bulk.ts'
import { STATE_COLUMNS } from '../support/list-files.ts'

/** COPY over the wire, as psql's \copy does it; psql itself is not installed everywhere. */
export function bulkPostgres(url: string): Bulk {
  const withClient = async (work: (client: pg.Client) => Promise<number>) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return work(client).finally(() => client.end())
  }
  return {
    loader: '\\copy (COPY from stdin)',
    dumper: '\\copy (COPY to stdout)',
    load: (file) =>
      withClient(async (client) => {
        const columns = STATE_COLUMNS.replace('address_key text', 'address_key text collate "C"')
        await client.query(`create table stop (${columns}, primary key (address_key, list_id))`)
        const took = await timed(() =>
          pipeline(createReadStream(file), client.query(from('copy stop from stdin (format csv)'))),
        )
        // Writing and analysing what it leaves behind must not fall into the time of what it is compared with.
        await client.query('drop table stop')
        await client.query('checkpoint')
        return took
      }),
    dump: (select, file) =>
      withClient((client) =>
        timed(() =>
          pipeline(client.query(to(`copy (${select}) to stdout (format csv)`)), createWriteStream(file)),
        ),
      ),
  }
}
