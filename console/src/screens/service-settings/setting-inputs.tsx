import '@mantine/core/styles/NumberInput.css'
import '@mantine/core/styles/Switch.css'
import { Checkbox, Group, NumberInput, Radio, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { ZoneSelect } from '../../parts/zone-select.tsx'
import { useSetting } from './setting-form.ts'

interface SettingProps {
  field: string
  /** The effect of a change, in words. */
  why?: string
}

interface NumberProps extends SettingProps {
  min: number
  max: number
}

export function NumberSetting({ field, why, min, max }: NumberProps) {
  const { label, value, error, disabled, set } = useSetting(field)
  return (
    <NumberInput
      {...{ label, error, disabled, min, max }}
      description={why}
      allowDecimal={false}
      clampBehavior="none"
      maw={320}
      value={value as number | ''}
      onChange={set}
    />
  )
}

/** A number, or none at all, which means for ever or without a limit. */
export function LimitSetting({
  none,
  usual,
  ...props
}: NumberProps & {
  /** What the absence of a number means, in words. */
  none: string
  /** The number to start with when there is to be one. */
  usual: number
}) {
  const { label, value, error, disabled, set } = useSetting(props.field)
  const { why, min, max } = props
  return (
    <Stack gap={4}>
      <Group align="flex-end" gap="md">
        <NumberInput
          {...{ label, error, min, max }}
          disabled={disabled || value === null}
          description={why}
          allowDecimal={false}
          clampBehavior="none"
          w={320}
          maw="100%"
          value={value === null ? '' : (value as number | '')}
          onChange={set}
        />
        <Checkbox
          label={none}
          aria-label={`${label}: ${none}`}
          disabled={disabled}
          checked={value === null}
          onChange={(event) => set(event.currentTarget.checked ? null : usual)}
          mb={8}
        />
      </Group>
    </Stack>
  )
}

export function FlagSetting({ field, why }: SettingProps) {
  const { label, value, disabled, set } = useSetting(field)
  return (
    <Switch
      {...{ label, disabled }}
      description={why}
      checked={value === true}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  )
}

export function ChoiceSetting({
  field,
  why,
  choices,
}: SettingProps & { choices: readonly { value: string; label: string; description?: string }[] }) {
  const { label, value, error, disabled, set } = useSetting(field)
  return (
    <Radio.Group {...{ label, error }} description={why} value={String(value)} onChange={set}>
      <Stack gap="xs" mt="xs">
        {choices.map((choice) => (
          <Radio key={choice.value} disabled={disabled} {...choice} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

export function TextSetting({
  field,
  why,
  ...rest
}: SettingProps & { maxLength: number; placeholder?: string }) {
  const { label, value, error, disabled, set } = useSetting(field)
  return (
    <TextInput
      {...{ label, error, disabled, ...rest }}
      description={why}
      value={String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

export function LinesSetting({ field, why, ...rest }: SettingProps & { placeholder?: string }) {
  const { label, value, error, disabled, set } = useSetting(field)
  return (
    <Textarea
      {...{ label, error, disabled, ...rest }}
      description={why}
      autosize
      minRows={2}
      maxLength={500}
      value={String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

export function ZoneSetting({ field, why }: SettingProps) {
  const { label, value, error, disabled, set } = useSetting(field)
  return (
    <ZoneSelect
      {...{ label, error, disabled }}
      description={why}
      allowDeselect={false}
      maw={320}
      value={String(value)}
      onChange={(chosen) => chosen !== null && set(chosen)}
    />
  )
}
