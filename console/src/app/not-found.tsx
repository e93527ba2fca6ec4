import { Button, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useFrameTexts } from './texts.ts'

export function NotFound() {
  const t = useFrameTexts()
  return (
    <Stack align="flex-start" p="md">
      <Title order={1} size="h2">
        {t('notFound')}
      </Title>
      <Text>{t('notFoundWhy')}</Text>
      <Button component={Link} to="/">
        {t('toHome')}
      </Button>
    </Stack>
  )
}
