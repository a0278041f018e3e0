using Ehlo.Server;

namespace Ehlo.Hosting;

/// <summary>What a rate limiter of the host is asked: may this happen once more, here?</summary>
/// <param name="Event">What happens.</param>
/// <param name="Connection">Where. Its address is the client's, also behind a trusted proxy; its identity who is authenticated, or null.</param>
public readonly record struct SmtpRateRequest(SmtpRateEvent Event, SmtpServerConnection Connection);
