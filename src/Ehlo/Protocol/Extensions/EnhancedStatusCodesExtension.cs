namespace Ehlo.Protocol;

/// <summary>ENHANCEDSTATUSCODES (RFC 2034). No parameter; always offered. Every reply that may carry a code does, hello or not.</summary>
internal sealed class EnhancedStatusCodesExtension : Extension
{
    public override string Keyword => "ENHANCEDSTATUSCODES";
}
