import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { conclude } from '../../src/bounces/conclude.ts'
import { fc, runs } from '../support/properties.ts'
import { outcomeOf, SAMPLES, type Sample } from './corpus.ts'

/** Texts whose bytes mean the same in every charset that they are put into. */
const PLAIN = SAMPLES.filter(({ raw }) => raw.every((byte) => byte < 0x80 && byte !== 0x1b))
const sample = fc.constantFrom(...PLAIN)

function agrees(raw: Buffer, { expected }: Sample) {
  assert.deepEqual(outcomeOf(conclude(raw)), expected)
}

function edited({ raw }: Sample, edit: (text: string) => string): Buffer {
  return Buffer.from(edit(raw.toString('latin1').replace(/\r\n?/g, '\n')), 'latin1')
}

describe('what is concluded', () => {
  it('is the same whatever ends the lines', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom('\n', '\r\n', '\r'), (each, ending) => {
        agrees(
          edited(each, (text) => text.replace(/\n/g, ending)),
          each,
        )
      }),
      { numRuns: runs(300) },
    )
  })

  it('is the same when header fields are folded at their blanks', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom('\n ', '\n\t', '\n    '), (each, fold) => {
        const folded = edited(each, (text) => {
          const head = text.slice(0, text.indexOf('\n\n'))
          return head.replace(/([;,]) (?=\S)/g, `$1${fold}`) + text.slice(head.length)
        })
        agrees(folded, each)
      }),
      { numRuns: runs(200) },
    )
  })

  it('is the same when the names of fields and types are in another case', () => {
    fc.assert(
      fc.property(sample, fc.boolean(), (each, upper) => {
        const turn = (text: string) => (upper ? text.toUpperCase() : text.toLowerCase())
        const turned = edited(each, (text) =>
          text
            .replace(/^([A-Za-z-]+)(?=: )/gm, turn)
            .replace(/(?<=content-type: )(?:multipart|message|text)\/[a-z0-9-]+/gi, turn),
        )
        agrees(turned, each)
      }),
      { numRuns: runs(200) },
    )
  })

  it('is the same when it came as a part of another mail', () => {
    fc.assert(
      fc.property(
        sample.filter(
          ({ expected, raw }) => expected.kind === 'bounce' && raw.includes('message/delivery-status'),
        ),
        fc.integer({ min: 1, max: 6 }),
        (each, depth) => {
          let raw = edited(each, (text) => text)
          for (let level = 0; level < depth; level++) raw = nested(raw, `level-${level}`)
          agrees(raw, each)
        },
      ),
      { numRuns: runs(100) },
    )
  })

  it('is the same in every transfer encoding and charset of a plain text', () => {
    const texts = sample.filter(({ raw }) => {
      const [head = ''] = raw.toString('latin1').replace(/\r\n?/g, '\n').split('\n\n')
      return /^content-type: text\/plain/im.test(head) && !/^content-transfer-encoding/im.test(head)
    })
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('base64', 'quoted-printable'),
        fc.constantFrom('utf-8', 'iso-8859-1', 'shift_jis', 'iso-2022-jp', 'x-unknown'),
        (each, encoding, charset) => {
          const recoded = edited(each, (text) => {
            const cut = text.indexOf('\n\n')
            const head = text.slice(0, cut).replace(/charset=[\w-]+/, `charset=${charset}`)
            return `${head}\nContent-Transfer-Encoding: ${encoding}\n\n${encode(text.slice(cut + 2), encoding)}`
          })
          agrees(recoded, each)
        },
      ),
      { numRuns: runs(200) },
    )
  })

  it('is the same with any X- field before and anything behind the last boundary', () => {
    fc.assert(
      fc.property(sample, fc.stringMatching(/^[a-z ]{0,40}$/), (each, noise) => {
        agrees(
          edited(each, (text) => `X-Noise: ${noise}\n${text}`),
          each,
        )
      }),
      { numRuns: runs(100) },
    )
  })
})

/** The mail's own type and body as one part of a multipart. */
function nested(raw: Buffer, boundary: string): Buffer {
  const text = raw.toString('latin1')
  const head = text.slice(0, text.indexOf('\n\n') + 1)
  const type = /^content-type:.*\n(?:[ \t].*\n)*/im.exec(head)?.[0] ?? 'Content-Type: text/plain\n'
  const outer = head.replace(type, `Content-Type: multipart/mixed; boundary="${boundary}"\n`)
  return Buffer.from(
    `${outer}\n--${boundary}\n${type}${text.slice(head.length)}\n--${boundary}--\n`,
    'latin1',
  )
}

function encode(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'latin1').toString('base64').replace(/.{76}/g, '$&\n')
  return text
    .replace(
      /[^\n -<>-~]/g,
      (character) => `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .replace(/[^\n]{70}(?=[^\n=]{3})/g, '$&=\n')
}
