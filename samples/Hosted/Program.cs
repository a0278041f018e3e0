// Receives mail in a generic host: a handler takes the messages, a filter refuses recipients. Ctrl+C stops it:
//   dotnet run --project samples/Hosted -- --Smtp:Listeners:0:Endpoint=127.0.0.1:2525
using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Ehlo;
using Ehlo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSmtpServer(builder.Configuration.GetSection("Smtp"))
    .UseHandler<CountingHandler>()
    .AddFilter<OurDomainFilter>();
builder.Services.AddHealthChecks().AddSmtpServer();
await builder.Build().RunAsync();

internal sealed class OurDomainFilter : SmtpFilter
{
    public override ValueTask<Reply?> OnRcptAsync(MessageContext context, Recipient recipient, CancellationToken cancellationToken)
    {
        bool isOurs = recipient.Path.IsPostmaster || recipient.Path.Address.EndsWith("@example.org", StringComparison.OrdinalIgnoreCase);
        return new(isOurs ? null : Reply.Refuse("No relaying here"));
    }
}

internal sealed class CountingHandler : IMessageHandler
{
    public async ValueTask<Reply> HandleAsync(MessageContext context, PipeReader content, CancellationToken cancellationToken)
    {
        long lines = 0;
        ReadResult result;
        do
        {
            result = await content.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> part in result.Buffer) lines += part.Span.Count((byte)'\n');
            content.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);
        Console.WriteLine($"{context.Transaction.ReversePath} to {string.Join(", ", context.Transaction.Recipients)}, {lines} lines");
        return Reply.Ok($"OK, {lines} lines");
    }
}
