import { ACTIVE_HUNTER } from './active-hunter.ts'
import { APACHE_JAMES } from './apache-james.ts'
import { AU } from './au.ts'
import { BIGLOBE } from './biglobe.ts'
import { COURIER } from './courier.ts'
import { DOCOMO } from './docomo.ts'
import { DRAGONFLY } from './dragonfly.ts'
import { EXCHANGE } from './exchange.ts'
import { EXIM } from './exim.ts'
import { FACEBOOK } from './facebook.ts'
import { FML } from './fml.ts'
import type { BounceFormat } from './format.ts'
import { GMAIL } from './gmail.ts'
import { GMX } from './gmx.ts'
import { GOOGLE_GROUPS } from './google-groups.ts'
import { IMAIL } from './imail.ts'
import { INTERSCAN } from './interscan.ts'
import { LOTUS_NOTES } from './lotus-notes.ts'
import { M_FILTER } from './m-filter.ts'
import { MAILFOUNDRY } from './mailfoundry.ts'
import { MAILMARSHAL } from './mailmarshal.ts'
import { MESSAGING_SERVER } from './messaging-server.ts'
import { NIFTY } from './nifty.ts'
import { OPENSMTPD } from './opensmtpd.ts'
import { POSTFIX } from './postfix.ts'
import { QMAIL } from './qmail.ts'
import { SENDMAIL } from './sendmail.ts'
import { SMAIL } from './smail.ts'
import { SOFTBANK } from './softbank.ts'
import { SURFCONTROL } from './surfcontrol.ts'
import { UNLISTED } from './unlisted.ts'
import { VERIZON } from './verizon.ts'
import { YAHOO } from './yahoo.ts'
import { ZOHO } from './zoho.ts'

/** Asked in this order: those with signs of their own before those whose words others have borrowed. */
export const FORMATS: readonly BounceFormat[] = [
  GMAIL,
  GOOGLE_GROUPS,
  LOTUS_NOTES,
  MAILMARSHAL,
  DOCOMO,
  AU,
  SOFTBANK,
  BIGLOBE,
  NIFTY,
  FML,
  M_FILTER,
  ACTIVE_HUNTER,
  INTERSCAN,
  IMAIL,
  MESSAGING_SERVER,
  APACHE_JAMES,
  COURIER,
  OPENSMTPD,
  DRAGONFLY,
  GMX,
  SURFCONTROL,
  MAILFOUNDRY,
  ZOHO,
  YAHOO,
  VERIZON,
  FACEBOOK,
  SMAIL,
  EXCHANGE,
  EXIM,
  QMAIL,
  POSTFIX,
  SENDMAIL,
  UNLISTED,
]
