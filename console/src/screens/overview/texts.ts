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
    answersPerDay: '日別の登録解除・ハードバウンス・迷惑メール報告',
    answersPerSender: '送信元アドレス別の登録解除・エラー・迷惑メール報告',
    answersPerSenderWhy:
      '登録解除は送信元アドレスの購読停止リストに登録された件数(ファイルなどによる登録を含む)、エラーは配信時のエラーと後から届いたハードバウンスの合計です。',
    bounced: 'エラー(後から届いたものを含む)',
    isMore: '1 日に 50,000 件を超えて登録されたリストは、50,000 件として数えています。',
    day: '日付',
    sender: '送信元アドレス',
    asTable: '表で見る',
    nothing: '直近 31 日間にはありません。',
    rate: '迷惑メール率(直近 31 日間)',
    rateWhy:
      'Gmail は 0.10 % 未満を求めており、0.30 % 以上になると配信が制限されます。ここでは Kaijo に届いた迷惑メール報告だけを数えるため、Postmaster Tools の値も確認してください。',
    rateNone: '配信がまだないため、計算できません。',
    rateGood: '0.10 % 未満です',
    rateHigh: '0.10 % 以上です。配信内容と配信リストを見直してください',
    rateTooHigh: '0.30 % 以上です。Gmail で配信が制限されるおそれがあります',
    rateGoodShort: '基準内',
    rateHighShort: '0.10 % 以上',
    rateTooHighShort: '0.30 % 以上',
    worstDay: '最も高い日({{day}})',
    attention: '対応が必要なこと',
    attentionNone: '対応が必要なことはありません。',
    noKey:
      'DKIM 鍵のない送信元アドレスが {{count}} 件あります。署名のないワンクリックヘッダは Gmail などで無視されます。',
    noKeyMore:
      'DKIM 鍵のない送信元アドレスが {{count}} 件以上あります。署名のないワンクリックヘッダは Gmail などで無視されます。',
    kept: 'リレーが設定されていないため、最後に配信した日のメール {{count}} 件は送信されず、保管されています。',
    failedImports: '直近 7 日間に失敗したファイルが {{count}} 件あります。',
    unverified:
      '秘密鍵がないため検証できない登録解除リクエストが {{count}} 件あります。「kaijo doctor」で鍵を確認し、「kaijo keys repair」で反映してください。',
    expiringMore: '今後 7 日間に {{count}} 件以上のアドレスの除外期間が終了し、再び配信対象になります。',
    expiring: '今後 7 日間に {{count}} 件のアドレスの除外期間が終了し、再び配信対象になります。',
    openMails: '内容を判断できなかった受信メールが {{count}} 件あります。',
    nobodysMails: 'どのサービス宛てか分からない未対応の受信メールが {{count}} 件あります。',
    allUnverified: '全サービスで、検証できない登録解除リクエストが {{count}} 件あります。',
    journal:
      'データベースに未反映の登録解除リクエストがディスクに残っています。データベースの状態を確認してください。',
    peak_failed:
      '{{day}} の配信時のエラーは {{count}} 件で、普段(1 日平均 {{usual}} 件)より大幅に増えています。',
    peak_bounced:
      '{{day}} に届いたハードバウンスは {{count}} 件で、普段(1 日平均 {{usual}} 件)より大幅に増えています。',
    peak_returned:
      '{{day}} に届いた一時的なエラー(ソフトバウンス)は {{count}} 件で、普段(1 日平均 {{usual}} 件)より大幅に増えています。',
    peak_blamed:
      '{{day}} に届いた送信側が原因のエラー(レピュテーション・認証・内容など)は {{count}} 件で、普段(1 日平均 {{usual}} 件)より大幅に増えています。',
    peak_complained:
      '{{day}} に届いた迷惑メール報告は {{count}} 件で、普段(1 日平均 {{usual}} 件)より大幅に増えています。',
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
    answersPerDay: 'Unsubscribes, hard bounces and complaints per day',
    answersPerSender: 'Unsubscribes, bounces and complaints per sender',
    answersPerSenderWhy:
      'Unsubscribes are those who came onto the sender’s list, by files too. Bounces are mail that failed at once or came back for good later.',
    bounced: 'Bounces',
    isMore: 'Of a list that took more than 50,000 in a day, 50,000 are counted.',
    day: 'Day',
    sender: 'Sender',
    asTable: 'As a table',
    nothing: 'Nothing in the last 31 days.',
    rate: 'Spam complaint rate of the last 31 days',
    rateWhy:
      'Gmail asks for less than 0.10 %, and restricts mail from 0.30 % on. Only complaints that came to Kaijo are counted here: look at Postmaster Tools too.',
    rateNone: 'Nothing was sent yet, so there is no rate.',
    rateGood: 'Below 0.10 %',
    rateHigh: '0.10 % or more: look at what is sent, and to whom',
    rateTooHigh: '0.30 % or more: Gmail may restrict this mail',
    rateGoodShort: 'Below 0.10 %',
    rateHighShort: '0.10 % or more',
    rateTooHighShort: '0.30 % or more',
    worstDay: 'Highest day ({{day}})',
    attention: 'What needs attention',
    attentionNone: 'Nothing needs attention.',
    noKey:
      'Senders without a DKIM key: {{count}}. Gmail and others ignore one-click header fields that are not signed.',
    noKeyMore:
      'Senders without a DKIM key: {{count}} or more. Gmail and others ignore one-click header fields that are not signed.',
    kept: 'Mails kept and sent to nobody on the last day with mail, as there is no relay: {{count}}.',
    failedImports: 'Files that failed in the last 7 days: {{count}}.',
    unverified:
      'Unsubscribe requests that cannot be verified for lack of a secret key: {{count}}. See which by “kaijo doctor”, and carry them out by “kaijo keys repair”.',
    expiringMore: 'Addresses that become deliverable again by themselves within 7 days: {{count}} or more.',
    expiring: 'Addresses that become deliverable again by themselves within 7 days: {{count}}.',
    openMails: 'Mails that came in and were not understood: {{count}}.',
    nobodysMails: 'Mails that came in for no service, and nobody has seen to: {{count}}.',
    allUnverified: 'Unsubscribe requests of all services that cannot be verified: {{count}}.',
    journal: 'Unsubscribe requests are on disk and wait for the database: look after it.',
    peak_failed: 'On {{day}} {{count}} mails failed, far more than usual ({{usual}} a day).',
    peak_bounced: 'On {{day}} {{count}} mails came back for good, far more than usual ({{usual}} a day).',
    peak_returned:
      'On {{day}} {{count}} mails came back for temporary reasons (soft bounces), far more than usual ({{usual}} a day).',
    peak_blamed:
      'On {{day}} {{count}} mails came back for reasons that blame the sender (reputation, authentication, content), far more than usual ({{usual}} a day).',
    peak_complained: 'On {{day}} {{count}} complaints came, far more than usual ({{usual}} a day).',
    look: 'Look at it',
    emptyTitle: 'First steps',
    emptyWhy:
      '1. Register a sender. 2. Put its DKIM record into DNS. 3. Send by the API or by SMTP: mail carries one-click header fields, and what became of it stands here.',
    toSenders: 'Register a sender',
  },
})
