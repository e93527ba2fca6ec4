import '@mantine/core/styles/Image.css'
import { Button, FileButton, Group, Image, Input, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, callAsPerson } from '../../api/client.ts'
import { Failure } from '../../parts/failure.tsx'
import { useCan } from '../../session/me.ts'
import type { ServiceView } from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'

/** Shows a service's logo, replaces it or removes it: immediately, not together with the rest of the form. */
export function LogoField({ service: { id: service, logo } }: { service: ServiceView }) {
  const t = useSettingTexts()
  const queries = useQueryClient()
  const mayEdit = useCan('admin')
  const changing = useMutation({
    mutationFn: async (file: File | null) => {
      if (file) await upload(service, file)
      else await api.DELETE('/api/v1/services/{service}/logo', { params: { path: { service } } })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['service', service] }),
  })
  return (
    <Stack gap="xs">
      <div>
        <Input.Label component="p" m={0}>
          {t('logo')}
        </Input.Label>
        <Text size="xs" c="dimmed">
          {t('logoWhy')}
        </Text>
      </div>
      {changing.error && <Failure error={changing.error} />}
      {logo && <Image src={logo.path} alt={t('logo')} w="auto" mah={64} maw={240} fit="contain" />}
      {mayEdit && (
        <Group gap="xs">
          <FileButton
            accept="image/png,image/jpeg,image/webp"
            onChange={(file) => file && changing.mutate(file)}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={changing.isPending}>
                {t(logo ? 'logoReplace' : 'logoChoose')}
              </Button>
            )}
          </FileButton>
          {logo && (
            <Button
              size="xs"
              variant="default"
              disabled={changing.isPending}
              onClick={() => changing.mutate(null)}
            >
              {t('logoRemove')}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

/** The server determines the format from the file's bytes. */
async function upload(service: number, file: File): Promise<void> {
  await callAsPerson(
    () =>
      new Request(`/api/v1/services/${service}/logo`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
      }),
  )
}
