import type { Figures } from './figures.ts'
import { Plot } from './plot.tsx'
import { useOverviewTexts } from './texts.ts'

/** The mail and its results: by day, and by sender. */
export function Plots({ figures: { days, listed, senders, isMore } }: { figures: Figures }) {
  const t = useOverviewTexts()
  const mailed = [
    { name: 'sent', label: t('sent'), color: 'teal.6' },
    { name: 'excluded', label: t('excluded'), color: 'yellow.6' },
    { name: 'failed', label: t('failed'), color: 'red.6' },
  ]
  const answered = (bounced: string) => [
    { name: 'unsubscribed', label: t('unsubscribed'), color: 'indigo.5' },
    { name: 'bounced', label: bounced, color: 'orange.6' },
    { name: 'complained', label: t('complaints'), color: 'pink.6' },
  ]
  const ofSenders = senders.map(({ sender, ...row }) => ({ name: sender, ...row }))
  return (
    <>
      <Plot
        title={t('perDay')}
        by={t('day')}
        series={mailed}
        rows={days.map(({ day, ...row }) => ({ name: day, ...row }))}
      />
      <Plot
        title={t('answersPerDay')}
        by={t('day')}
        series={answered(t('hardBounces'))}
        rows={listed.map(({ day, isMore: _, ...row }) => ({ name: day, ...row }))}
        note={isMore ? t('isMore') : undefined}
      />
      <Plot title={t('perSender')} by={t('sender')} series={mailed} rows={ofSenders} sideways />
      <Plot
        title={t('answersPerSender')}
        by={t('sender')}
        series={answered(t('bounced'))}
        rows={ofSenders}
        sideways
        note={t('answersPerSenderWhy')}
      />
    </>
  )
}
