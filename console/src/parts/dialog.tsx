import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import { Modal, type ModalProps } from '@mantine/core'
import { useRef } from 'react'
import { createTexts } from '../texts/i18n.ts'
import { useFocusBack } from './use-focus-back.ts'
import { useFocusInside } from './use-focus-inside.ts'

const useTexts = createTexts('dialog', { ja: { close: '閉じる' }, en: { close: 'Close' } })

/** For dialogs that open on top of another dialog. */
export const ABOVE_DIALOGS = 300

/** For things that are shown only once: the dialog closes by its buttons alone, not by a stray key or click. */
export const NOT_BY_CHANCE = { closeOnClickOutside: false, closeOnEscape: false } as const

/** A window over the page; its title says what it is about, and it can be closed by keyboard. */
export function Dialog(props: ModalProps) {
  const t = useTexts()
  const root = useRef<HTMLDivElement>(null)
  useFocusBack(props.opened)
  useFocusInside(root, props.opened)
  return <Modal ref={root} closeButtonProps={{ 'aria-label': t('close') }} {...props} />
}
