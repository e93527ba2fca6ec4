import type { createAuthMiddleware } from 'better-auth/api'

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

/**
 * Whose second factor a sign-in waits for: the person who gave the password, as named by the cookie that the library
 * (better-auth) signed then. Undefined when nobody did, or the time for it is over.
 */
export async function secondFactorOwner(ctx: Context): Promise<string | undefined> {
  const { name } = ctx.context.createAuthCookie('two_factor')
  const identifier = await ctx.getSignedCookie(name, ctx.context.secret)
  if (!identifier) return undefined
  const waiting = await ctx.context.internalAdapter.findVerificationValue(identifier)
  return waiting ? (await ctx.context.internalAdapter.findUserById(waiting.value))?.email : undefined
}

/** Whose link a password is being set by; undefined for an invalid or used link. */
export async function linkOwner(ctx: Context): Promise<string | undefined> {
  const { token } = (ctx.body ?? {}) as { token?: unknown }
  const found = await ctx.context.internalAdapter.findVerificationValue(`reset-password:${token}`)
  return found ? (await ctx.context.internalAdapter.findUserById(found.value))?.email : undefined
}
