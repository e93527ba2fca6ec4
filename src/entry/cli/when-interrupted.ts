const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does something when the command is interrupted: by Ctrl-C, or with the terminal that it runs in. It ends all the same, and
 * its exit code tells why. What is answered takes the arrangement back.
 */
export function whenInterrupted(act: () => void): () => void {
  const given = SIGNALS.map((signal) => {
    const onSignal = () => {
      act()
      // Nobody listens any more, which leaves the signal what it is.
      process.kill(process.pid, signal)
    }
    process.once(signal, onSignal)
    return () => process.off(signal, onSignal)
  })
  return () => {
    for (const takeBack of given) takeBack()
  }
}
