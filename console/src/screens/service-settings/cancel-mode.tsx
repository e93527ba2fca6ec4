import { Radio, Stack, TextInput } from '@mantine/core'
import { useSetting } from './setting-form.ts'
import { useSettingTexts } from './texts.ts'

const USUAL_HOUR = '03:00'

/** Immediately, or at an hour of the day: `immediate` or `daily 03:00`. */
export function CancelModeSetting() {
  const t = useSettingTexts()
  const { label, value, error, disabled, set } = useSetting('settings.cancelMode')
  const [, hour] = /^daily (.*)$/.exec(String(value)) ?? []
  const choose = (mode: string) => set(mode === 'daily' ? `daily ${USUAL_HOUR}` : 'immediate')
  return (
    <Stack gap="xs">
      <Radio.Group
        {...{ label }}
        description={t('cancelModeWhy')}
        value={hour === undefined ? 'immediate' : 'daily'}
        onChange={choose}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="immediate" disabled={disabled} label={t('cancelImmediate')} />
          <Radio value="daily" disabled={disabled} label={t('cancelDaily')} />
        </Stack>
      </Radio.Group>
      {hour !== undefined && (
        <TextInput
          type="time"
          label={t('cancelHour')}
          {...{ error, disabled }}
          maw={160}
          value={hour}
          onChange={(event) => set(`daily ${event.currentTarget.value}`)}
        />
      )}
    </Stack>
  )
}
