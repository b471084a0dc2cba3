// In a workflow the SDK takes a stack trace of every promise, a lifecycle's largest expense beside the tasks
// themselves. Five frames name the place for half the cost. Preloaded first: afterwards the worker freezes Error.
Error.stackTraceLimit = 5;
