import type { BounceFormat } from './format.ts'

/** Digital Arts m-FILTER: the address, the server message, the SMTP command. */
export const M_FILTER: BounceFormat = {
  name: 'm-FILTER',
  signs: [{ field: ['X-Mailer', /^m-FILTER/] }, { said: /^-{5,}server message\s*$/im }],
}
