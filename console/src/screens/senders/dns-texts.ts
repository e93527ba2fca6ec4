import { createTexts } from '../../texts/i18n.ts'

export const useDnsTexts = createTexts('sender-dns', {
  ja: {
    title: 'DNS 設定',
    about:
      '{{domain}} の DNS に、次の TXT レコードを登録してください。DKIM 署名が List-Unsubscribe と List-Unsubscribe-Post を含めて検証できないと、Gmail などに登録解除ボタンが表示されません(RFC 8058)。',
    none: '署名に使う DKIM の鍵がありません',
    noneWhy:
      '{{domain}} のメールには DKIM 署名が付きません。サーバーで次のコマンドを実行して鍵を作成してください。配信先の MTA で両方のヘッダに署名している場合は不要です。',
    signing: '署名中',
    waiting: 'DNS 登録待ち',
    scheduled: '切替予定',
    retired: '終了',
    waitingWhy: 'レコードの登録を確認したあと、サーバーで kaijo dkim check を実行すると署名を始めます。',
    scheduledWhy: '署名の開始:',
    endsWhy: '次の鍵への切替:',
    retiredWhy: '署名は終わりました。配送中のメールのため、レコードは次の日時まで残してください:',
    another: 'このサービスのメールには、別の鍵が署名しています。',
    ofService: 'このサービス専用',
    recordName: 'レコード名(TXT)',
    recordValue: 'レコードの値',
    split:
      '255 文字を超えるため、DNS には {{count}} 個の文字列に分けて 1 つのレコードとして登録されます。1 つの値として入力すれば自動で分割する DNS サービスがほとんどです。',
    check: 'DNS の確認',
    checkWhy:
      'このサーバーから DNS に問い合わせます。登録した直後は、反映に時間がかかることがあります。SPF と DMARC、base_url の到達性も確認します。',
    checkNow: 'DNS を確認',
    checkAgain: 'もう一度確認',
    checked: '確認済み',
    ok: '正常',
    warning: '要確認',
    failed: '誤り',
    dns_published: '登録されています',
    dns_missing: '登録されていません',
    dns_differs: '別の値が登録されています',
    dns_several: '同じ名前のレコードが複数あります',
    dns_revoked: '失効として登録されています',
    dns_unseen: '確認できませんでした',
    dnsWhy_published: 'DNS の鍵は、ここにある鍵と一致しています。',
    dnsWhy_missing:
      'この名前の TXT レコードが見つかりません。この鍵で署名したメールは検証できません。レコード名の末尾にドメインが二重に付いていないかも確認してください。',
    dnsWhy_differs: '登録されている値を、上の値に置き換えてください。',
    dnsWhy_several:
      '値を複数のレコードに分けず、1 つのレコードの中の複数の文字列として登録してください。古いレコードは削除してください。',
    dnsWhy_revoked: '鍵が空(p=)のレコードです。上の値に置き換えてください。',
    dnsWhy_unseen:
      'DNS への問い合わせに失敗しました。登録されていないとは限りません。ネットワークと DNS サーバーを確認して、もう一度お試しください。',
  },
  en: {
    title: 'DNS',
    about:
      'The DNS of {{domain}} has to have these TXT records. Without a DKIM signature over List-Unsubscribe and List-Unsubscribe-Post that can be verified, Gmail and others show no button to unsubscribe (RFC 8058).',
    none: 'There is no DKIM key to sign with',
    noneWhy:
      'Mail of {{domain}} is not signed. Make a key where the server runs, unless your relay signs both headers:',
    signing: 'Signs',
    waiting: 'Waits for DNS',
    scheduled: 'Takes over later',
    retired: 'Ended',
    waitingWhy: 'Once the record is there, kaijo dkim check, where the server runs, has it sign.',
    scheduledWhy: 'Signs from:',
    endsWhy: 'The next key takes over:',
    retiredWhy: 'It signs no more. For mail that is under way, leave its record until:',
    another: 'Another key signs the mail of this service.',
    ofService: 'Of this service alone',
    recordName: 'Name of the record (TXT)',
    recordValue: 'Its value',
    split:
      'It is longer than 255 characters, so DNS holds it as {{count}} strings of one record. Most DNS services cut it by themselves when it is entered as one value.',
    check: 'What DNS has',
    checkWhy:
      'This server asks DNS. A record that was just entered may take a while to be seen. SPF, DMARC and where base_url leads are looked at too.',
    checkNow: 'Look it up',
    checkAgain: 'Look again',
    checked: 'Looked up',
    ok: 'OK',
    warning: 'Worth a look',
    failed: 'Wrong',
    dns_published: 'Published',
    dns_missing: 'Not published',
    dns_differs: 'Something else is published',
    dns_several: 'Several records are published',
    dns_revoked: 'Published as revoked',
    dns_unseen: 'DNS could not be asked',
    dnsWhy_published: 'The key in DNS is the one that is here.',
    dnsWhy_missing:
      'There is no TXT record of this name, so mail that this key signs cannot be verified. See also whether the domain was entered twice at the end of the name.',
    dnsWhy_differs: 'Put the value above in the place of what is published.',
    dnsWhy_several: 'Enter the value as strings of one record, not as several records, and delete old ones.',
    dnsWhy_revoked: 'The record holds an empty key (p=). Put the value above in its place.',
    dnsWhy_unseen:
      'The look-up failed, which does not mean that nothing is published. See to the network and the DNS server, and look again.',
  },
})
