"""Log lines: coloured for a terminal, JSON for a collector. Callers log names and ids, never contents or keys."""

import sys

import structlog


def configure(*, as_json: bool) -> None:
    """Set up structlog for this process."""
    # plain tracebacks: the rich ones print local variables, keys among them
    text = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else text
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
            renderer,
        ],
        # answers go to standard output, everything about them to standard error
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
