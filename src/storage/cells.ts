export type ColumnKind = 'text' | 'integer'

/** Columns of a select, in the order in which their cells come. */
export type CellColumns<R> = readonly (readonly [name: keyof R & string, kind: ColumnKind])[]

/** A row as its cells: text, integers or null. */
export type Cells<R, C extends CellColumns<R>> = { [I in keyof C]: R[C[I][0]] }
