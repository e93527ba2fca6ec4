import { ActionIcon, Button, Fieldset, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { type SubscriberFields, toLines } from './subscriber-data.ts'
import { useSubscriberTexts } from './texts.ts'

interface FieldsProps {
  fields: SubscriberFields
  onChange(fields: SubscriberFields): void
}

/** What the customer knows about a person: user ids and attributes. */
export function SubscriberFieldInputs({ fields, onChange }: FieldsProps) {
  const t = useSubscriberTexts()
  const { attributes } = fields
  const change = (index: number, part: Partial<(typeof attributes)[number]>) =>
    onChange({
      ...fields,
      attributes: attributes.map((row, place) => (place === index ? { ...row, ...part } : row)),
    })
  return (
    <>
      <Textarea
        label={t('userIds')}
        description={t('userIdsHint')}
        autosize
        minRows={1}
        maxRows={6}
        value={fields.userIds}
        onChange={(event) => onChange({ ...fields, userIds: event.currentTarget.value })}
        error={toLines(fields.userIds).length > 20}
      />
      <Fieldset legend={t('attributes')}>
        <Stack gap="xs" align="flex-start">
          {attributes.map(({ key, name, value }, index) => (
            <Group key={key} gap="xs" wrap="nowrap" w="100%">
              <TextInput
                flex={1}
                aria-label={t('attributeName', { number: index + 1 })}
                value={name}
                onChange={(event) => change(index, { name: event.currentTarget.value })}
              />
              <TextInput
                flex={2}
                aria-label={t('attributeValue', { number: index + 1 })}
                value={value}
                onChange={(event) => change(index, { value: event.currentTarget.value })}
              />
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={t('attributeRemove', { number: index + 1 })}
                onClick={() =>
                  onChange({ ...fields, attributes: attributes.filter((_, place) => place !== index) })
                }
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              onChange({
                ...fields,
                attributes: [...attributes, { key: crypto.randomUUID(), name: '', value: '' }],
              })
            }
          >
            {t('attributeAdd')}
          </Button>
        </Stack>
      </Fieldset>
    </>
  )
}
