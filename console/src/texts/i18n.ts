import { createInstance } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { LANGUAGES, type Language } from './language.ts'

const STORED = 'kaijo-language'

export const i18n = createInstance()
void i18n.use(initReactI18next).init({
  lng: initialLanguage(),
  fallbackLng: 'en',
  initAsync: false,
  resources: {},
  interpolation: { escapeValue: false },
})
document.documentElement.lang = i18n.language

/** The language chosen before, or the one that the browser asks for. */
function initialLanguage(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'ja' || stored === 'en') return stored
  return navigator.language.startsWith('ja') ? 'ja' : 'en'
}

export function useLanguage(): [Language, (language: Language) => void] {
  const { i18n: instance } = useTranslation()
  const choose = (language: Language) => {
    localStorage.setItem(STORED, language)
    document.documentElement.lang = language
    void instance.changeLanguage(language)
  }
  return [instance.language as Language, choose]
}

type Values = Readonly<Record<string, string | number>>
type Texts = { readonly [name: string]: string }

/**
 * The texts of one screen in both languages, with a hook that yields them: a text missing in one language does not
 * compile. `{{name}}` is filled in from the second argument; `name_one` and `name_other` are chosen by `count`.
 */
export function createTexts<const T extends Texts>(
  namespace: string,
  texts: { ja: T; en: { [K in keyof T]: string } },
): () => (name: Name<T>, values?: Values) => string {
  for (const language of LANGUAGES) i18n.addResourceBundle(language, namespace, texts[language])
  return () => {
    const { t } = useTranslation(namespace)
    return (name, values = {}) => (t as (name: string, values: Values) => string)(name, values)
  }
}

/** Plural forms are used by their name without the suffix. */
type Name<T> = Base<keyof T & string>
type Base<K extends string> = K extends `${infer B}_one` | `${infer B}_other` ? B : K
