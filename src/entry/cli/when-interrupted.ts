const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does something when the command is interrupted, by Ctrl-C or because its terminal closes. The command ends all the
 * same, and its exit code tells why. Returns a function that cancels this.
 */
export function whenInterrupted(act: () => void): () => void {
  const given = SIGNALS.map((signal) => {
    const onSignal = () => {
      act()
      // With no listener left, the signal has its default effect.
      process.kill(process.pid, signal)
    }
    process.once(signal, onSignal)
    return () => process.off(signal, onSignal)
  })
  return () => {
    for (const takeBack of given) takeBack()
  }
}
