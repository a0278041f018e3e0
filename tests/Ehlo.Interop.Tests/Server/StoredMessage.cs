using System;
using System.Collections.Generic;

namespace Ehlo.Interop.Tests.Server;

// The JSON of the HTTP API, as its users see it: what is `required` here must be present there.

public sealed record MessagePage
{
    public required IReadOnlyList<StoredMessage> Messages { get; init; }

    public required string? Next { get; init; }
}

public sealed record StoredMessage
{
    public required string Id { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required long Size { get; init; }

    public required string Subject { get; init; }

    public required StoredEnvelope Envelope { get; init; }

    public required StoredHello Hello { get; init; }

    public required StoredTls? Tls { get; init; }

    public required string? Identity { get; init; }

    public required string Connection { get; init; }

    public required int Session { get; init; }

    /// <summary>Absent in a list.</summary>
    public IReadOnlyList<StoredLine>? Dialogue { get; init; }
}

public sealed record StoredEnvelope
{
    public required string From { get; init; }

    public required IReadOnlyList<string> To { get; init; }

    public required IReadOnlyDictionary<string, string?> MailParameters { get; init; }

    public required IReadOnlyList<IReadOnlyDictionary<string, string?>> RcptParameters { get; init; }
}

public sealed record StoredHello(string Verb, string Name);

public sealed record StoredTls
{
    public required string Protocol { get; init; }

    public required string Cipher { get; init; }

    public required string? ServerName { get; init; }

    public required string? ClientCertificate { get; init; }
}

public sealed record StoredLine(DateTimeOffset At, string From, string Line);
