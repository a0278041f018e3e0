using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>Where to and how, ready to be used.</summary>
/// <param name="Destination">Where to, and as whom.</param>
/// <param name="Options">How.</param>
/// <param name="Trust">What decides on the server's certificate, and knows afterwards what was wrong with it.</param>
internal sealed record SendRoute(SmtpDestination Destination, SmtpConnectionOptions Options, ServerTrust Trust);
