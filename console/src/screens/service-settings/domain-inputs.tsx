import '@mantine/core/styles/NumberInput.css'
import { ActionIcon, Button, Group, Input, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { domainsOf, isGivenTwice, type Rate } from './domain-values.ts'
import { useFieldError, useSetting } from './setting-form.ts'
import { useSettingTexts } from './texts.ts'

/** Domains, one per line. The server's objection to one of them names it. */
export function DomainsSetting({ field, why }: { field: string; why: string }) {
  const { label, value, error, disabled, set } = useSetting(field)
  const errorOf = useFieldError()
  const wrong = domainsOf(String(value)).flatMap((domain, index) => {
    const mistake = errorOf(`${field}[${index}]`)
    return mistake === undefined ? [] : [`${domain}: ${mistake}`]
  })
  return (
    <Textarea
      {...{ label, disabled }}
      description={why}
      error={error ?? (wrong.length > 0 && wrong.join(' '))}
      autosize
      minRows={2}
      maxRows={12}
      maw={480}
      spellCheck={false}
      value={String(value)}
      onChange={(event) => set(event.currentTarget.value)}
    />
  )
}

/** The most mails per second to each domain. */
export function RatesSetting({ field, why, most }: { field: string; why: string; most: number }) {
  const t = useSettingTexts()
  const { label, value, error, disabled, set } = useSetting(field)
  const errorOf = useFieldError()
  const rates = value as readonly Rate[]
  const put = (index: number, change: Partial<Rate>) =>
    set(rates.map((rate, at) => (at === index ? { ...rate, ...change } : rate)))
  const mistakeIn = ({ domain, perSecond }: Rate, index: number) => {
    if (isGivenTwice(rates, index)) return t('rateTwice')
    return domain.trim() === '' && perSecond === '' ? undefined : errorOf(`${field}.${domain.trim()}`)
  }
  return (
    <Input.Wrapper label={label} labelElement="div" description={why} error={error}>
      <Stack gap="xs" mt="xs" align="flex-start">
        {rates.map((rate, index) => {
          const mistake = mistakeIn(rate, index)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name while it is typed.
            <Stack key={index} gap={4}>
              <Group gap="xs" wrap="nowrap">
                <TextInput
                  aria-label={t('rateDomain', { number: index + 1 })}
                  placeholder="example.com"
                  disabled={disabled}
                  error={mistake !== undefined}
                  maxLength={253}
                  value={rate.domain}
                  onChange={(event) => put(index, { domain: event.currentTarget.value })}
                />
                <NumberInput
                  aria-label={t('ratePerSecond', { number: index + 1 })}
                  disabled={disabled}
                  error={mistake !== undefined}
                  allowNegative={false}
                  decimalScale={3}
                  clampBehavior="none"
                  hideControls
                  w={110}
                  suffix={t('perSecond')}
                  value={rate.perSecond}
                  onChange={(perSecond) =>
                    put(index, { perSecond: perSecond === '' ? '' : Number(perSecond) })
                  }
                />
                {!disabled && (
                  <ActionIcon
                    variant="default"
                    size="lg"
                    aria-label={t('rateRemove', { domain: rate.domain || String(index + 1) })}
                    onClick={() => set(rates.filter((_, at) => at !== index))}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                )}
              </Group>
              {mistake !== undefined && <Input.Error>{mistake}</Input.Error>}
            </Stack>
          )
        })}
        {!disabled && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            disabled={rates.length >= most}
            onClick={() => set([...rates, { domain: '', perSecond: '' }])}
          >
            {t('rateAdd')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  )
}
