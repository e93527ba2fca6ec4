/** What commands begin with where this code lies: a script of npm's in the repository, npx beside the package. */
export const PROGRAM = import.meta.filename.endsWith('.ts') ? 'npm run kaijo --' : 'npx kaijo'
