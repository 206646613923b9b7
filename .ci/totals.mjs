// usage: go test -json ... | node totals.mjs RESULTS
// Prints a line for each package and the output of what failed; adds the counts
// to the RESULTS file as "passed failed skipped".
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const counts = { pass: 0, fail: 0, skip: 0 }
const output = new Map() // lines by package, and by package and test
const inPackage = new Map() // tests passed by package

const key = (e) => `${e.Package ?? e.ImportPath ?? ''} ${e.Test ?? ''}`
const show = (k) => process.stdout.write((output.get(k) ?? []).join(''))

for await (const line of createInterface({ input: process.stdin })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    console.log(line) // what the go command says outside its events
    continue
  }
  if (event.Action === 'output' || event.Action === 'build-output') {
    const k = key(event)
    output.set(k, [...(output.get(k) ?? []), event.Output])
    continue
  }
  if (event.Action === 'build-fail') show(key(event))
  if (!(event.Action in counts)) continue
  if (event.Test) {
    counts[event.Action]++
    inPackage.set(event.Package, (inPackage.get(event.Package) ?? 0) + 1)
    if (event.Action === 'fail') show(key(event))
    if (event.Action === 'skip') console.log(`  skipped: ${event.Package} ${event.Test}: ${reason(key(event))}`)
    output.delete(key(event))
    continue
  }
  const tests = inPackage.get(event.Package) ?? 0
  if (event.Action === 'fail' && tests === 0) counts.fail++ // it did not build, or died at its start
  if (event.Action === 'fail') show(key(event))
  if (event.Action !== 'skip') console.log(`  ${event.Action.padEnd(4)} ${event.Package} ${event.Elapsed.toFixed(1)} s, ${tests} tests`)
}
appendFileSync(process.argv[2], `${counts.pass} ${counts.fail} ${counts.skip}\n`)
process.exit(counts.fail > 0 || counts.pass === 0 ? 1 : 0)

function reason(k) {
  const said = (output.get(k) ?? []).map((l) => l.trim()).filter((l) => l && !/^(===|---)/.test(l))
  return said.join(' ') || 'no reason given'
}
