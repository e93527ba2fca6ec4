import '@mantine/core/styles/Switch.css'
import { Alert, Checkbox, Fieldset, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { MOST_SHOWN, useSenders } from '../../lists/use-senders.ts'
import type { Language } from '../../texts/language.ts'
import { type Draft, LANGUAGES, type MistakeAt } from './form-draft.ts'
import { useFormTexts } from './texts.ts'

interface RuleInputsProps {
  service: number
  draft: Draft
  onChange(draft: Draft): void
  mistakeAt: MistakeAt
}

/** A form's name, its languages, and what follows a registration. */
export function RuleInputs({ service, draft, onChange, mistakeAt }: RuleInputsProps) {
  const t = useFormTexts()
  const senders = useSenders(service)
  const { languages, doubleOptIn } = draft
  const set = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  return (
    <Fieldset legend={t('rules')}>
      <Stack gap="sm">
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          required
          maxLength={50}
          value={draft.name}
          error={mistakeAt('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Checkbox.Group
          label={t('languages')}
          description={t('languagesHint')}
          error={mistakeAt('texts')}
          value={[...languages]}
          onChange={(values) =>
            set({ languages: LANGUAGES.filter((one) => values.includes(one)) as Language[] })
          }
        >
          <Stack gap="xs" mt="xs">
            {LANGUAGES.map((language) => (
              <Checkbox key={language} value={language} label={t(language)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Switch
          label={t('active')}
          description={t('activeHint')}
          checked={draft.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        <Switch
          label={t('doubleOptIn')}
          description={t('doubleOptInHint')}
          checked={doubleOptIn}
          error={mistakeAt('doubleOptIn')}
          onChange={(event) => set({ doubleOptIn: event.currentTarget.checked })}
        />
        {!doubleOptIn && (
          <Alert color="yellow" title={t('atOnce')}>
            {t('atOnceWhy')}
          </Alert>
        )}
        {doubleOptIn && (
          <Select
            label={t('sender')}
            description={t('senderHint')}
            placeholder={t('usualSender')}
            clearable
            clearButtonProps={{ 'aria-label': t('usualSender') }}
            searchable
            limit={MOST_SHOWN}
            value={draft.sender}
            error={mistakeAt('sender')}
            onChange={(sender) => set({ sender })}
            data={senders?.map(({ address }) => address) ?? []}
          />
        )}
        <TextInput
          label={t('redirectUrl')}
          description={t('redirectUrlHint')}
          placeholder="https://www.example.com/thanks"
          value={draft.redirectUrl}
          error={mistakeAt('redirectUrl')}
          onChange={(event) => set({ redirectUrl: event.currentTarget.value })}
        />
        <Textarea
          label={t('embedOrigins')}
          description={t('embedOriginsHint')}
          placeholder="https://www.example.com"
          autosize
          minRows={1}
          maxRows={6}
          value={draft.embedOrigins}
          error={mistakeAt('embedOrigins')}
          onChange={(event) => set({ embedOrigins: event.currentTarget.value })}
        />
      </Stack>
    </Fieldset>
  )
}
