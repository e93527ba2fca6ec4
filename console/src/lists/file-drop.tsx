import '@mantine/core/styles/LoadingOverlay.css'
import '@mantine/dropzone/styles.css'
import { Alert, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { useState } from 'react'
import { useListTexts } from './texts.ts'

interface FileDropProps {
  format: 'csv' | 'text'
  /** The requirements for the file, where it is not a list's. */
  rules?: string
  file: File | undefined
  /** Called on every choice: with undefined for a refused file, which replaces the previous choice. */
  onFile(file: File | undefined): void
}

/** A place to drop or choose a file. Its extension is checked here; its content, by the server. */
export function FileDrop({ format, rules, file, onFile }: FileDropProps) {
  const t = useListTexts()
  const [wrong, setWrong] = useState<'wrongType' | 'workbook'>()
  const take = ([given]: File[]) => {
    if (!given) return
    const found = mistakeOf(given.name, format)
    setWrong(found)
    onFile(found ? undefined : given)
  }
  return (
    <Stack gap="xs">
      <Dropzone onDrop={take} multiple={false} inputProps={{ 'aria-label': t('file') }}>
        <Stack align="center" gap={4} ta="center" py="lg">
          <Text fw={600}>{file ? file.name : t(format === 'csv' ? 'drop' : 'dropText')}</Text>
          <Text size="sm" c="dimmed">
            {rules ?? t(format === 'csv' ? 'rules' : 'rulesText')}
          </Text>
        </Stack>
      </Dropzone>
      {wrong && (
        <Alert color="red" role="alert">
          {t(wrong === 'workbook' && format === 'text' ? 'workbookText' : wrong)}
        </Alert>
      )}
    </Stack>
  )
}

function mistakeOf(name: string, format: FileDropProps['format']): 'wrongType' | 'workbook' | undefined {
  if (/\.xls[xmb]?$/i.test(name)) return 'workbook'
  return format === 'text' || /\.csv$/i.test(name) ? undefined : 'wrongType'
}
