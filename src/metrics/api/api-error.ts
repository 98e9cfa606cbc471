// What the API answers in place of data, and with which status.

/** The error types of Prometheus (web/api/v1/api.go) that can happen here. */
export type ApiErrorType = 'bad_data' | 'execution' | 'timeout' | 'not_found' | 'not_allowed'

export const STATUS: Readonly<Record<ApiErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  not_found: 404,
  not_allowed: 405,
}

export class ApiError extends Error {
  constructor(
    readonly type: ApiErrorType,
    message: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

export function invalidParameter(name: string, message: string): ApiError {
  return new ApiError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${message}`)
}
