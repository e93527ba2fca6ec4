import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Meters {
  readonly registry: Registry
  /** A request at the public endpoint, and how long it took until its answer. */
  request(outcome: string, milliseconds: number): void
  /** Recipients left out of deliveries, by kind of list. */
  excluded(kind: string, count: number): void
  /** A message that came by SMTP. */
  submission(outcome: string): void
  /** A mail that came in. */
  inbound(outcome: string): void
  /** A request at the page that confirms joinings. */
  confirmation(outcome: string): void
  /** A request at the page of a registration form. */
  form(outcome: string): void
  /** A sign-in with wrong credentials. */
  refused(): void
}

export interface Gauges {
  /** Called for each gauge that is made from it. */
  queue(): Promise<{ depth: number; oldestMs: number }>
  recorderDepth(): number
  journalPending(): boolean
}

/** The metrics for Prometheus. Gauges are read at the moment of scraping; one that cannot be read is left out. */
export function createMeters(gauges: Gauges): Meters {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const requests = new Counter({
    name: 'kaijo_unsubscribe_requests_total',
    help: 'Requests at the public endpoint by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'kaijo_request_to_exclusion_seconds',
    help: 'Time from a one-click request to its durable exclusion',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  })
  const excluded = new Counter({
    name: 'kaijo_excluded_total',
    help: 'Recipients left out when deliveries were accepted, by kind of list',
    labelNames: ['list'],
    registers,
  })
  const submissions = new Counter({
    name: 'kaijo_smtp_submissions_total',
    help: 'Messages that came by SMTP by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const inbound = new Counter({
    name: 'kaijo_inbound_mails_total',
    help: 'Mails that came in by what was concluded from them',
    labelNames: ['outcome'],
    registers,
  })
  const confirmations = new Counter({
    name: 'kaijo_join_requests_total',
    help: 'Requests at the page on which joinings are confirmed, by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const forms = new Counter({
    name: 'kaijo_form_requests_total',
    help: 'Requests at the pages of registration forms, by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const refused = new Counter({
    name: 'kaijo_refused_sign_ins_total',
    help: 'Sign-ins of API users with wrong credentials',
    registers,
  })
  const readQueue = () => gauges.queue().catch(() => undefined)
  new Gauge({
    name: 'kaijo_outbox_messages',
    help: 'Messages that wait to be sent',
    registers,
    async collect() {
      const queue = await readQueue()
      if (queue) this.set(queue.depth)
    },
  })
  new Gauge({
    name: 'kaijo_outbox_oldest_seconds',
    help: 'For how long the oldest of them has been due',
    registers,
    async collect() {
      const queue = await readQueue()
      if (queue) this.set(queue.oldestMs / 1000)
    },
  })
  new Gauge({
    name: 'kaijo_recorder_waiting',
    help: 'Changes of suppressions that wait for their commit',
    registers,
    collect() {
      this.set(gauges.recorderDepth())
    },
  })
  new Gauge({
    name: 'kaijo_journal_pending',
    help: '1 while requests wait on disk for the database',
    registers,
    collect() {
      this.set(gauges.journalPending() ? 1 : 0)
    },
  })

  return {
    registry,
    request: (outcome, milliseconds) => {
      requests.inc({ outcome })
      if (outcome === 'excluded') seconds.observe(milliseconds / 1000)
    },
    excluded: (kind, count) => excluded.inc({ list: kind }, count),
    submission: (outcome) => submissions.inc({ outcome }),
    inbound: (outcome) => inbound.inc({ outcome }),
    confirmation: (outcome) => confirmations.inc({ outcome }),
    form: (outcome) => forms.inc({ outcome }),
    refused: () => refused.inc(),
  }
}
