import '@mantine/core/styles/ColorSwatch.css'
import '@mantine/core/styles/ColorPicker.css'
import '@mantine/core/styles/ColorInput.css'
import '@mantine/core/styles/Grid.css'
import { ColorInput, Fieldset, Grid, Stack } from '@mantine/core'
import { LogoField } from './logo-field.tsx'
import { PagePreview } from './page-preview.tsx'
import { Section } from './section.tsx'
import { useSetting } from './setting-form.ts'
import { ChoiceSetting, FlagSetting, LinesSetting, TextSetting } from './setting-inputs.tsx'
import { LANGUAGES, type ServiceView, TEXTS, textKey } from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'

const SWATCHES = ['#0a5aa8', '#0b7285', '#2b8a3e', '#e67700', '#c92a2a', '#862e9c', '#1c1c1c']

/** The look and the texts of public pages, beside a preview. */
export function PageSection({ service }: { service: ServiceView }) {
  const t = useSettingTexts()
  return (
    <Section title={t('page')} about={t('pageWhy')}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <TextSetting field="page.name" why={t('nameWhy')} maxLength={100} />
            <LogoField service={service} />
            <AccentSetting />
            <TextSetting
              field="page.privacyUrl"
              why={t('privacyUrlWhy')}
              maxLength={1_000}
              placeholder="https://"
            />
            <ChoiceSetting
              field="page.language"
              why={t('languageWhy')}
              choices={[
                { value: 'ja', label: '日本語' },
                { value: 'en', label: 'English' },
              ]}
            />
            <FlagSetting field="settings.otherListsOnPage" why={t('otherListsWhy')} />
            {LANGUAGES.map((language) => (
              <Fieldset key={language} legend={t(`texts_${language}`)}>
                <Stack>
                  {TEXTS.map((name) => (
                    <LinesSetting
                      key={name}
                      field={textKey(language, name)}
                      {...(name === 'footer' && { why: t('footerWhy') })}
                    />
                  ))}
                </Stack>
              </Fieldset>
            ))}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <PagePreview service={service} />
        </Grid.Col>
      </Grid>
    </Section>
  )
}

function AccentSetting() {
  const t = useSettingTexts()
  const { label, value, error, disabled, set } = useSetting('page.accent')
  return (
    <ColorInput
      {...{ label, error, disabled }}
      description={t('accentWhy')}
      placeholder={t('accentNone')}
      format="hex"
      swatches={SWATCHES}
      eyeDropperButtonProps={{ 'aria-label': t('eyeDropper') }}
      maw={320}
      value={String(value)}
      onChange={set}
    />
  )
}
