import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { textOfHtml } from '../../src/mail/html-text.ts'

describe('the words of an HTML text', () => {
  const linesOf = (html: string) =>
    textOfHtml(html)
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')

  it('stand in a line for each block', () => {
    assert.deepEqual(linesOf('<p>one <b>two</b></p><div>three<br>four</div>'), ['one two', 'three', 'four'])
  })

  it('have their entities resolved', () => {
    assert.deepEqual(linesOf('wasn&#39;t &lt;a@x.example&gt; &#x3042;&nbsp;&amp;'), [
      "wasn't <a@x.example> あ &",
    ])
  })

  it('leave out what nobody sees', () => {
    assert.deepEqual(linesOf('<title>t</title><STYLE>p{}</STYLE >a<!-- b --><script>c</script >d<!-- e'), [
      'a d',
    ])
  })
})
