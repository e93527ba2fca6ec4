import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ListSubject, pageModel } from '../../src/unsubscribe/page-model.ts'
import type { ListState } from '../../src/unsubscribe/page-texts.ts'

const SUBJECT: ListSubject = {
  language: 'ja',
  state: 'ask',
  list: { kind: 'sender', label: 'news@example.com' },
  recipient: 't***@example.jp',
  stopAction: '/abcdefghij234567/-tok',
  resumeAction: '/-/resume/abcdefghij234567/tok',
}

describe('the page model', () => {
  it('asks before it stops, naming sender and recipient', () => {
    assert.deepEqual(pageModel(SUBJECT), {
      language: 'ja',
      title: 'メール配信を停止しますか？',
      lead: '停止すると、この差出人からのメールは届かなくなります。',
      facts: [
        { label: '差出人', value: 'news@example.com' },
        { label: '配信先メールアドレス', value: 't***@example.jp' },
      ],
      notes: [],
      button: {
        label: '配信を停止する',
        action: '/abcdefghij234567/-tok',
        fields: { 'List-Unsubscribe': 'One-Click' },
      },
      others: [],
    })
  })

  it('gives each other list of the service a button, or the word that it is stopped already', () => {
    const list = { kind: 'filter', label: 'Weekly' } as const
    const others = [
      { list, stopped: false, stopAction: '/zyxwvutsrq765432/-other' },
      { list: SUBJECT.list, stopped: true, stopAction: '/zyxwvutsrq765432/-another' },
    ]
    const [weekly, shop] = pageModel({ ...SUBJECT, others }).others
    assert.equal(weekly?.label, '配信リスト: Weekly')
    assert.equal(weekly?.button?.action, '/zyxwvutsrq765432/-other')
    assert.deepEqual([shop?.button, shop?.note], [undefined, '停止済み'])
  })

  it('names a filter’s list as a list', () => {
    const list = { kind: 'filter', label: 'Weekly' } as const
    const { lead, facts } = pageModel({ ...SUBJECT, language: 'en', list })
    assert.equal(lead, 'If you unsubscribe, you will no longer receive mail of this list.')
    assert.deepEqual(facts[0], { label: 'List', value: 'Weekly' })
  })

  const onward: Array<[state: ListState, action: string | undefined]> = [
    ['ask', SUBJECT.stopAction],
    ['stopped', SUBJECT.resumeAction],
    ['already-stopped', SUBJECT.resumeAction],
    ['resumed', SUBJECT.stopAction],
  ]
  for (const [state, action] of onward) {
    it(`leads on from ${state} to ${action}`, () => {
      assert.equal(pageModel({ ...SUBJECT, state }).button?.action, action)
    })
  }

  it('offers no way back when there is none', () => {
    const { resumeAction: _, ...subject } = SUBJECT
    const view = pageModel({ ...subject, state: 'stopped' })
    assert.equal(view.button, undefined)
    assert.deepEqual(view.notes, ['すでに送信されたメールが、行き違いで届くことがあります。'])
    assert.equal(pageModel({ ...SUBJECT, state: 'stopped' }).notes.length, 2)
  })

  it('names no recipient that it does not know', () => {
    const { recipient: _, ...subject } = SUBJECT
    assert.deepEqual(pageModel(subject).facts, [{ label: '差出人', value: 'news@example.com' }])
  })

  it('has only words for what is about no list', () => {
    for (const state of ['nothing-to-do', 'unavailable'] as const) {
      const { title, lead, facts, notes, button } = pageModel({ language: 'en', state })
      assert.ok(title.length > 0 && lead.length > 0)
      assert.deepEqual([facts, notes, button], [[], [], undefined])
    }
  })

  it('says everything in both languages', () => {
    for (const state of ['ask', 'stopped', 'already-stopped', 'resumed'] as const) {
      const [ja, en] = (['ja', 'en'] as const).map((language) => pageModel({ ...SUBJECT, language, state }))
      assert.match(ja?.title ?? '', /[\u3040-\u30ff]/)
      assert.doesNotMatch(JSON.stringify(en), /[\u3040-\u30ff\u4e00-\u9fff]/)
    }
  })
})
