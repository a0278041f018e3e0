namespace Ehlo.App.Send;

/// <summary>Who a message is from and for, and what is asked of the extensions, as it was asked for.</summary>
internal sealed record EnvelopeRequest
{
    /// <summary>Null for the user of this machine; "" or <c>&lt;&gt;</c> for the null reverse-path.</summary>
    public string? From { get; init; }

    public string[] To { get; init; } = [];

    public string[] Cc { get; init; } = [];

    public string[] Bcc { get; init; } = [];

    public string? Notify { get; init; }

    public string? Return { get; init; }

    public string? EnvelopeId { get; init; }

    public bool UsesSmtpUtf8 { get; init; }

    public bool RequiresTls { get; init; }

    public string[] MailParameters { get; init; } = [];

    public string[] RcptParameters { get; init; } = [];
}
