/** One rule that every implementation of a port keeps, free of any test runner: it throws where the rule is broken. */
export interface ContractCase<Subject> {
  /** The rule in plain words. */
  name: string
  run(subject: Subject): Promise<void>
}
