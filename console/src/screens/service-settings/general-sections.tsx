import { CancelModeSetting } from './cancel-mode.tsx'
import { DomainsSetting, RatesSetting } from './domain-inputs.tsx'
import { RelaySection } from './relay-section.tsx'
import { Section } from './section.tsx'
import {
  ChoiceSetting,
  FlagSetting,
  LimitSetting,
  NumberSetting,
  TextSetting,
  ZoneSetting,
} from './setting-inputs.tsx'
import { useSettingTexts } from './texts.ts'

const MOST_DAYS = 36_500
const LIFETIMES = ['sender', 'filter', 'hardBounces', 'complaints', 'blocklist'] as const
const ARARA_TIMES = ['minutes', 'rfc3339', 'rfc2822'] as const
const BLANK_MAIL = ['verified', 'always', 'confirm', 'off'] as const

/** When people on a list get mail again automatically, and how they come onto a list and off it. */
export function ListSections() {
  const t = useSettingTexts()
  return (
    <>
      <Section title={t('time')}>
        <ZoneSetting field="timeZone" why={t('timeZoneWhy')} />
        <ChoiceSetting
          field="settings.araraV1Times"
          why={t('araraTimesWhy')}
          choices={ARARA_TIMES.map((value) => ({ value, label: t(`araraTimes_${value}`) }))}
        />
      </Section>
      <Section title={t('lifetimes')} about={t('lifetimesWhy')}>
        {LIFETIMES.map((kind) => (
          <LimitSetting
            key={kind}
            field={`lifetimeDays.${kind}`}
            min={1}
            max={MOST_DAYS}
            usual={90}
            none={t('forEver')}
          />
        ))}
        <FlagSetting field="settings.automaticExclusion" why={t('automaticExclusionWhy')} />
      </Section>
      <Section title={t('errors')} about={t('errorsWhy')}>
        <NumberSetting field="settings.softBounceThreshold" why={t('thresholdWhy')} min={1} max={99} />
        <NumberSetting field="settings.softBounceDays" why={t('windowWhy')} min={1} max={MOST_DAYS} />
      </Section>
      <Section title={t('comingBack')}>
        <CancelModeSetting />
        <ChoiceSetting
          field="settings.blankMail"
          why={t('blankMailWhy')}
          choices={BLANK_MAIL.map((value) => ({
            value,
            label: t(`blankMail_${value}`),
            description: t(`blankMailWhy_${value}`),
          }))}
        />
      </Section>
      <Section title={t('confirmations')} about={t('confirmationsWhy')}>
        <TextSetting field="settings.confirmationFrom" why={t('confirmationFromWhy')} maxLength={320} />
        <TextSetting field="settings.confirmationName" maxLength={100} />
        <LimitSetting
          field="settings.confirmationsPerHour"
          why={t('confirmationsPerHourWhy')}
          min={1}
          max={100_000}
          usual={100}
          none={t('noLimit')}
        />
        <LimitSetting
          field="settings.confirmationsPerDay"
          min={1}
          max={1_000_000}
          usual={1_000}
          none={t('noLimit')}
        />
      </Section>
    </>
  )
}

/** How fast mail goes out, and how long sent mail is kept. */
export function MailSections({ service, mayEdit }: { service: number; mayEdit: boolean }) {
  const t = useSettingTexts()
  return (
    <>
      <Section title={t('sending')} about={t('sendingWhy')}>
        <LimitSetting field="settings.mailsPerSecond" min={1} max={100_000} usual={50} none={t('noLimit')} />
        <LimitSetting
          field="settings.mailsPerDay"
          why={t('perDayWhy')}
          min={1}
          max={1_000_000_000}
          usual={100_000}
          none={t('noLimit')}
        />
        <RatesSetting field="settings.domainRates" why={t('domainRatesWhy')} most={200} />
        <DomainsSetting field="allowedDomains" why={t('allowedDomainsWhy')} />
        <FlagSetting field="settings.refuseWhenAllExcluded" why={t('refuseWhenAllExcludedWhy')} />
        <TextSetting field="settings.feedbackId" why={t('feedbackIdWhy')} maxLength={15} />
      </Section>
      <RelaySection service={service} mayEdit={mayEdit}>
        <NumberSetting field="settings.connections" why={t('connectionsWhy')} min={1} max={100} />
      </RelaySection>
      <Section title={t('keeping')} about={t('keepingWhy')}>
        <NumberSetting field="settings.mailDays" why={t('mailDaysWhy')} min={1} max={MOST_DAYS} />
        <LimitSetting
          field="settings.messageDays"
          why={t('messageDaysWhy')}
          min={30}
          max={MOST_DAYS}
          usual={90}
          none={t('forEver')}
        />
        <NumberSetting field="settings.inboundDays" min={1} max={MOST_DAYS} />
        <LimitSetting
          field="settings.opaqueDays"
          why={t('opaqueDaysWhy')}
          min={1}
          max={MOST_DAYS}
          usual={1_095}
          none={t('forEver')}
        />
        <LimitSetting
          field="settings.evidenceDays"
          why={t('evidenceDaysWhy')}
          min={1}
          max={MOST_DAYS}
          usual={1_825}
          none={t('forEver')}
        />
      </Section>
    </>
  )
}
