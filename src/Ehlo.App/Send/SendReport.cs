using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ehlo.Client;

namespace Ehlo.App.Send;

/// <summary>What <c>--json</c> writes. The names are a contract: they never change, new ones may come.</summary>
internal sealed record SendReport
{
    // It is read from a pipe and not from a web page, so brackets stay brackets.
    private static readonly SendJson Json = new(new(SendJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public required string Destination { get; init; }

    public string? Address { get; init; }

    public string? Greeting { get; init; }

    public TlsModel? Tls { get; init; }

    public LoginModel? Login { get; init; }

    public required string From { get; init; }

    public required MessagesModel Messages { get; init; }

    public required IReadOnlyList<RecipientModel> Recipients { get; init; }

    public string? StoppedAfter { get; init; }

    public ErrorModel? Error { get; init; }

    public required double Seconds { get; init; }

    public required int ExitCode { get; init; }

    public IReadOnlyList<string>? Dialogue { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json.SendReport);

    internal sealed record TlsModel(string Version, string Cipher, string Certificate, bool IsValid, string? Doubt);

    internal sealed record LoginModel(string? Name, string Mechanism);

    internal sealed record MessagesModel(int Wanted, int Accepted, int Refused, int Failed);

    internal sealed record RecipientModel(string Recipient, bool Accepted, int Code, string? Status, string Text, bool Asked, int Count)
    {
        public static RecipientModel From((SendTally.Group Group, int Count) entry) => new(
            entry.Group.Recipient.Trim('<', '>'),
            entry.Group.Reply.IsPositive,
            entry.Group.Reply.Code,
            entry.Group.Reply.Status.Class == 0 ? null : entry.Group.Reply.Status.ToString(),
            entry.Group.Reply.Text,
            !entry.Group.IsLocal,
            entry.Count);
    }

    internal sealed record ErrorModel(string Message, string? Asked, string? Answered, bool MaySendAgain)
    {
        public static ErrorModel? From(SmtpConnectionException? failure, string? text) =>
            failure is null ? null : new(text ?? ShownText.Of(failure.Message), failure.Asked, failure.Answered?.ToString(), failure.MaySendAgain);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SendReport))]
internal sealed partial class SendJson : JsonSerializerContext;
