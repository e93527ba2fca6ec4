/**
 * The rooms of `src/`, left to right. A file imports only from its own room and from rooms to its left;
 * rooms on one line are siblings and do not import each other. Type imports count like any other.
 */
const ROOMS = [
  ['kernel'],
  ['config', 'mail', 'storage', 'pages'],
  ['jobs', 'audit'],
  ['tenants'],
  ['access'],
  ['suppression'],
  ['messages'],
  ['tokens'],
  ['unsubscribe', 'bounces'],
  ['imports'],
  ['delivery'],
  ['subscribers'],
  ['exports', 'webhooks', 'inbound'],
  ['dialects'],
  ['client'],
  ['entry', 'nodemailer'],
  ['app'],
  ['main.ts'],
]

/** A regular expression source that matches the files of these rooms; a room is a folder or a single file. */
const filesOf = (rooms) =>
  `^src/(${rooms.map((room) => (room.endsWith('.ts') ? `${room.replace('.', '\\.')}$` : `${room}/`)).join('|')})`

const leftward = ROOMS.slice(0, -1).flatMap((siblings, position) => ({
  name: `only-from-the-left-of-${siblings.join('-')}`,
  comment: `${siblings.join(', ')} may not import from a room to the right`,
  severity: 'error',
  from: { path: filesOf(siblings) },
  to: { path: filesOf(ROOMS.slice(position + 1).flat()) },
}))

const sideways = ROOMS.filter((siblings) => siblings.length > 1).flatMap((siblings) =>
  siblings.map((room) => ({
    name: `no-sideways-from-${room}`,
    comment: `${siblings.join(', ')} are siblings and do not import each other`,
    severity: 'error',
    from: { path: filesOf([room]) },
    to: { path: filesOf(siblings.filter((sibling) => sibling !== room)) },
  })),
)

const forbidden = [
  ...leftward,
  ...sideways,
  {
    name: 'no-sideways-in-entry',
    comment: 'entry/http, entry/smtp and entry/cli meet in app/ alone',
    severity: 'error',
    from: { path: '^src/entry/([^/]+)/' },
    to: { path: '^src/entry/[^/]+/', pathNot: '^src/entry/$1/' },
  },
  {
    name: 'nodemailer-is-a-client',
    comment: 'what other applications load into their own process brings nothing of the server along',
    severity: 'error',
    from: { path: filesOf(['client', 'nodemailer']) },
    to: { path: '^src/', pathNot: filesOf(['client', 'nodemailer', 'mail', 'kernel']) },
  },
  {
    name: 'one-composition-root',
    comment: 'main.ts starts; what is composed is composed in app/',
    severity: 'error',
    from: { path: filesOf(['main.ts']) },
    to: { path: '^src/', pathNot: ['^src/app/', '^src/entry/cli/', '^src/kernel/'] },
  },
  {
    name: 'no-unlisted-room',
    comment: 'every file lies in one of ROOMS',
    severity: 'error',
    from: { path: '^src/', pathNot: filesOf(ROOMS.flat()) },
    to: {},
  },
  {
    name: 'no-import-of-an-unlisted-room',
    comment: 'every file lies in one of ROOMS',
    severity: 'error',
    from: {},
    to: { path: '^src/', pathNot: filesOf(ROOMS.flat()) },
  },
  {
    name: 'no-cycles',
    comment: 'no file imports itself by way of others, inside a room either',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-barrels',
    comment: 'a name is imported from the file that defines it',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^src/', dependencyTypes: ['export'] },
  },
  {
    name: 'no-orphans',
    comment: 'a file that imports nothing and that nobody imports is left over',
    severity: 'error',
    from: { orphan: true, pathNot: '\\.d\\.ts$' },
    to: {},
  },
  {
    name: 'nothing-outside-src',
    comment: 'what is shipped does not import tests, benchmarks or the console',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['local'], pathNot: '^src/' },
  },
  {
    name: 'only-declared-dependencies',
    comment: 'what is shipped imports packages that package.json installs with it',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'nothing-unresolvable',
    comment: 'every import leads somewhere',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
]

export default {
  forbidden,
  options: {
    // Without it the imports that vanish on compilation, the types, would not be seen.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
