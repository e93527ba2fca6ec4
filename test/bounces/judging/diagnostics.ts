import { HARD } from './hard-diagnostics.ts'
import { OURS } from './ours-diagnostics.ts'
import { SOFT } from './soft-diagnostics.ts'

/** Whose fault a failure is, the status that its report gives, and what servers and software say of it. */
export type Diagnostic = readonly [verdict: 'hard' | 'soft' | 'ours', status: string | null, said: string]

export const DIAGNOSTICS: readonly Diagnostic[] = [...HARD, ...SOFT, ...OURS]
