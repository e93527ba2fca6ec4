import { createTexts } from '../../texts/i18n.ts'

export const useOverviewTexts = createTexts('overview', {
  ja: {
    title: '概況',
    about: '今日と、直近 31 日間の配信と登録解除です。日付はサービスのタイムゾーンによります。',
    today: '今日',
    sent: '配信',
    excluded: 'リストによる除外',
    failed: 'エラー',
    unsubscribed: '登録解除',
    hardBounces: 'ハードバウンス',
    complaints: '迷惑メール報告',
    perDay: '日別の配信',
    perSender: '送信元アドレス別の配信',
    day: '日付',
    sender: '送信元アドレス',
    asTable: '表で見る',
    rate: '迷惑メール率(直近 31 日間)',
    rateWhy:
      'Gmail は 0.10 % 未満を求めており、0.30 % 以上になると配信が制限されます。ここでは Kaijo に届いた迷惑メール報告だけを数えるため、Postmaster Tools の値も確認してください。',
    rateNone: '配信がまだないため、計算できません。',
    rateGood: '0.10 % 未満です',
    rateHigh: '0.10 % 以上です。配信内容と配信リストを見直してください',
    rateTooHigh: '0.30 % 以上です。Gmail で配信が制限されるおそれがあります',
    attention: '対応が必要なこと',
    attentionNone: '対応が必要なことはありません。',
    noKey:
      'DKIM 鍵のない送信元アドレスが {{count}} 件あります。署名のないワンクリックヘッダは Gmail などで無視されます。',
    failedImports: '直近 7 日間に失敗したファイルが {{count}} 件あります。',
    unverified:
      '秘密鍵がないため検証できない登録解除リクエストが {{count}} 件あります。「kaijo doctor」で鍵を確認し、「kaijo keys repair」で反映してください。',
    expiring: '今後 7 日間に {{count}} 件のアドレスの除外期間が終了し、再び配信対象になります。',
    openMails: '内容を判断できなかった受信メールが {{count}} 件あります。',
    look: '確認する',
    emptyTitle: 'はじめに',
    emptyWhy:
      '1. 送信元アドレスを登録します。2. その DKIM レコードを DNS に設定します。3. API または SMTP で配信すると、ワンクリック登録解除のヘッダが付き、ここに結果が表示されます。',
    toSenders: '送信元アドレスを登録する',
  },
  en: {
    title: 'Overview',
    about:
      'Mail and unsubscribes of today and of the last 31 days, which are those of the service’s time zone.',
    today: 'Today',
    sent: 'Sent',
    excluded: 'Excluded by lists',
    failed: 'Failed',
    unsubscribed: 'Unsubscribes',
    hardBounces: 'Hard bounces',
    complaints: 'Complaints',
    perDay: 'Mail per day',
    perSender: 'Mail per sender',
    day: 'Day',
    sender: 'Sender',
    asTable: 'As a table',
    rate: 'Spam complaint rate of the last 31 days',
    rateWhy:
      'Gmail asks for less than 0.10 %, and restricts mail from 0.30 % on. Only complaints that came to Kaijo are counted here: look at Postmaster Tools too.',
    rateNone: 'Nothing was sent yet, so that there is no rate.',
    rateGood: 'Below 0.10 %',
    rateHigh: '0.10 % or more: look at what is sent, and to whom',
    rateTooHigh: '0.30 % or more: Gmail may restrict this mail',
    attention: 'What needs attention',
    attentionNone: 'Nothing needs attention.',
    noKey:
      'Senders without a DKIM key: {{count}}. Gmail and others ignore one-click header fields that are not signed.',
    failedImports: 'Files that failed in the last 7 days: {{count}}.',
    unverified:
      'Unsubscribe requests that cannot be verified for lack of a secret key: {{count}}. See which by “kaijo doctor”, and carry them out by “kaijo keys repair”.',
    expiring: 'Addresses that become deliverable again by themselves within 7 days: {{count}}.',
    openMails: 'Mails that came in and were not understood: {{count}}.',
    look: 'Look at it',
    emptyTitle: 'First steps',
    emptyWhy:
      '1. Register a sender. 2. Put its DKIM record into DNS. 3. Send by the API or by SMTP: mail carries one-click header fields, and what became of it stands here.',
    toSenders: 'Register a sender',
  },
})
