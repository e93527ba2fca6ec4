/**
 * Where another module lies, for a worker thread to run. `path` is relative to `caller`, an `import.meta.url`, and has no
 * extension: that is .ts in the repository and .js in the package.
 */
export function moduleUrl(path: string, caller: string): URL {
  return new URL(`${path}.${caller.endsWith('.ts') ? 'ts' : 'js'}`, caller)
}
