// What stops the reading or the run of a template; it carries Go's words and no stack, because it is routine.

export class TemplateError {
  constructor(readonly message: string) {}
}
