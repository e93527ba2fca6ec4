import type { TextRules } from './rule.ts'

/**
 * Words that say that this recipient takes no mail, in languages other than English and Japanese, as servers and
 * providers there put it.
 */
export const RECIPIENT_TEXTS_ABROAD: readonly TextRules[] = [
  {
    class: 'hard',
    reason: 'disabled',
    says: [
      [
        /esta en estado: inactivo|casilla .{0,20}(?:expirad|inactiv|deshabilitad|suspendid)|buz[oó]n .{0,20}(?:desactivad|deshabilitad|suspendid)|cuenta .{0,20}(?:desactivad|deshabilitad|suspendid|inactiv)/,
        'Spanish',
      ],
      [/(?:indirizzo|casella|utente) .{0,12}(?:bloccat|disattivat|disabilitat|sospes)/, 'Italian'],
      [/(?:konto|skrzynka) .{0,20}(?:zablokowan|nieaktywn|wy[łl][ąa]czon|zawieszon)/, 'Polish'],
      [/(?:bo[iî]te|compte|adresse) .{0,30}(?:d[ée]sactiv|suspendu|ferm[ée])/, 'French'],
      [
        /(?:postfach|konto|mailbox|benutzer) .{0,20}(?:deaktiviert|gesperrt|geschlossen|stillgelegt)/,
        'German',
      ],
      [/conta .{0,20}(?:desativad|suspens|bloquead)|caixa postal .{0,20}(?:desativad|suspens)/, 'Portuguese'],
      [/(?:почтовый )?ящик .{0,20}(?:заблокирован|отключ[её]н)|учетная запись .{0,20}отключена/, 'Russian'],
    ],
  },
  {
    class: 'hard',
    reason: 'user-unknown',
    says: [
      [
        /utilisateur inconnu|adresse.{0,60}(?:inconnue|n'existe pas|invalide|introuvable)|compte.{0,40}n'existe pas|destinataires? (?:inconnus?|introuvables?|invalides?)/,
        'French',
      ],
      [
        /(?:usuario|destinatario|casilla|cuenta|buz[oó]n) (?:es )?(?:desconocid|inexistente|no existe|no encontrad|no v[aá]lid)|no existe (?:el|la|ese|esta|dicha|tal)\b|buz[oó]n.{0,20}no existe/,
        'Spanish',
      ],
      [
        /(?:benutzer|empf(?:ä|ae|a)nger|adressat|adresse|postfach|mailbox|konto)\S{0,4} .{0,30}(?:unbekannt|nicht gefunden|existiert nicht|nicht bekannt|ung(?:ü|ue)ltig)|unbekannter (?:benutzer|empf(?:ä|ae)nger|adressat)|kein (?:benutzer|postfach)/,
        'German',
      ],
      [
        /(?:utente|destinatario|destin\.|indirizzo|casella)\S{0,3} (?:di posta )?(?:sconosciut|inesistente|errat|non (?:esiste|trovat|valid))|nessun utente/,
        'Italian',
      ],
      [
        /(?:usu[aá]rio|destinat[aá]rio|caixa postal|endere[cç]o|conta) (?:desconhecid|inexistente|inv[aá]lid|n[aã]o (?:encontrad|existe))/,
        'Portuguese',
      ],
      [
        /(?:konto|adres|u[zż]ytkownik|skrzynka|odbiorca) .{0,60}(?:nie istnieje|nieznany|nieznana)|nie ma takie(?:go|j) (?:konta|adresu|u[zż]ytkownika|skrzynki)/,
        'Polish',
      ],
      [
        /gebruiker .{0,12}(?:onbekend|bestaat niet)|onbekende? (?:gebruiker|e-?mail ?adres|ontvanger)|(?:mailadres|postbus|ontvanger) .{0,20}(?:bestaat niet|onbekend)/,
        'Dutch',
      ],
      [
        /(?:ok[äa]nd|ukendt|ukjent|tuntematon) (?:mottagare|mottaker|modtager|anv[äa]ndare|bruger|bruker|adress?e?|k[äa]ytt[äa]j[äa]|vastaanottaja)|(?:mottagaren|modtageren|mottakeren|brukeren|brugeren|adressen) (?:finns inte|findes ikke|finnes ikke)/,
        'Swedish, Danish, Norwegian, Finnish',
      ],
      [
        /пользовател\S{1,3} .{0,12}не (?:найден|существует)|так(?:ого|ой) (?:пользователя|адреса|ящика) (?:нет|не существует)|нет такого (?:пользователя|адреса|ящика)|ящик .{0,12}не (?:существует|найден)|получатель .{0,12}(?:неизвестен|не найден|не существует)/,
        'Russian',
      ],
      [
        /(?:收件人|用户|用戶|使用者|帳號|账号|帐号|邮箱|信箱|邮件地址).{0,80}(?:不存在|未知|无效|無效)|(?:不存在|无效|無效)的?(?:收件人|用户|使用者|帳號|账号|邮箱|信箱)/,
        'Chinese',
      ],
      [
        /사용자.{0,8}(?:없|존재하지)|존재하지 않는 (?:사용자|메일|수신|계정|주소)|(?:수신자|메일 ?주소|계정|받는 ?사람).{0,40}(?:찾을 수 없|존재하지|없는)/,
        'Korean',
      ],
    ],
  },
]
