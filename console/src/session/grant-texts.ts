import { createTexts } from '../texts/i18n.ts'

/** What roles and permissions of people are called, everywhere in the console. */
export const useGrantTexts = createTexts('grants', {
  ja: {
    role_administrator: '管理者',
    role_operator: '運用担当者',
    role_viewer: '閲覧者',
    permission_view: '閲覧',
    permission_download: 'ダウンロード',
    permission_send: '配信',
    permission_edit: '編集',
    'permission_error-count-reset': 'エラーカウントリセット',
  },
  en: {
    role_administrator: 'Administrator',
    role_operator: 'Operator',
    role_viewer: 'Viewer',
    permission_view: 'View',
    permission_download: 'Download',
    permission_send: 'Send',
    permission_edit: 'Edit',
    'permission_error-count-reset': 'Error count reset',
  },
})
