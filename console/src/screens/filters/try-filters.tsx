import {
  Button,
  Group,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { TrialResult } from './trial-result.tsx'
import { useTrialTexts } from './trial-texts.ts'

interface TryFiltersProps {
  service: number
  /** The first filter, which supplies an example that it catches. */
  example: { header: string; pattern: string } | undefined
}

/** Tries a header's value, or a whole mail, against the filters as they are: nothing is stored or sent. */
export function TryFilters({ service, example }: TryFiltersProps) {
  const t = useTrialTexts()
  const title = useId()
  const [way, setWay] = useState<'header' | 'message'>('header')
  const [header, setHeader] = useState('')
  const [value, setValue] = useState('')
  const [from, setFrom] = useState('')
  const [message, setMessage] = useState('')
  const trying = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST('/api/v1/services/{service}/filters/try', {
          params: { path: { service } },
          body:
            way === 'message'
              ? { message }
              : { headers: { [header.trim()]: value }, ...(from.trim() && { from: from.trim() }) },
        }),
      ),
  })
  const go = (event: FormEvent) => {
    event.preventDefault()
    trying.mutate()
  }
  const fill = () => {
    const { header: name = 'X-List', pattern = 'tips' } = example ?? {}
    setHeader(name)
    setValue(pattern)
    setMessage(`From: News <news@example.com>\nTo: taro@example.jp\nSubject: Hello\n${name}: ${pattern}\n`)
  }
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={title}>
      <Stack>
        <div>
          <Title order={2} size="h4" id={title}>
            {t('title')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('about')}
          </Text>
        </div>
        <form onSubmit={go}>
          <Stack>
            <Group>
              <SegmentedControl
                aria-label={t('way')}
                value={way}
                onChange={(chosen) => setWay(chosen as typeof way)}
                data={[
                  { value: 'header', label: t('byHeader') },
                  { value: 'message', label: t('byMessage') },
                ]}
              />
              <Button variant="subtle" size="xs" onClick={fill}>
                {t('example')}
              </Button>
            </Group>
            {way === 'header' ? (
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <TextInput
                  label={t('header')}
                  placeholder="X-List"
                  required
                  maxLength={100}
                  value={header}
                  onChange={(event) => setHeader(event.currentTarget.value)}
                />
                <TextInput
                  label={t('value')}
                  maxLength={10_000}
                  value={value}
                  onChange={(event) => setValue(event.currentTarget.value)}
                />
                <TextInput
                  label={t('from')}
                  type="email"
                  placeholder="news@example.com"
                  maxLength={1_000}
                  value={from}
                  onChange={(event) => setFrom(event.currentTarget.value)}
                />
              </SimpleGrid>
            ) : (
              <Textarea
                label={t('message')}
                description={t('messageWhy')}
                required
                autosize
                minRows={4}
                maxRows={16}
                maxLength={60_000}
                styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
                value={message}
                onChange={(event) => setMessage(event.currentTarget.value)}
              />
            )}
            <Group>
              <Button type="submit" variant="default" loading={trying.isPending}>
                {t('try')}
              </Button>
            </Group>
          </Stack>
        </form>
        {trying.error && <Failure error={trying.error} />}
        {trying.data && <TrialResult trial={trying.data} />}
      </Stack>
    </Paper>
  )
}
