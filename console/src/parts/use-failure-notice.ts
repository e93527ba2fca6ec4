import { notifications } from '@mantine/notifications'
import { createTexts } from '../texts/i18n.ts'
import { useFailureSentences } from './failure.tsx'

const useTexts = createTexts('failure-notice', {
  ja: { notDownloaded: 'ダウンロードできませんでした' },
  en: { notDownloaded: 'The file was not downloaded' },
})

/** Says why a file could not be downloaded, without replacing what is on the screen. */
export function useFailureNotice(): (error: unknown) => void {
  const t = useTexts()
  const sentences = useFailureSentences()
  return (error) =>
    void notifications.show({
      color: 'red',
      title: t('notDownloaded'),
      message: sentences(error).join(' '),
      autoClose: false,
    })
}
