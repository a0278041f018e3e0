using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Ehlo.Server;
using Xunit;

namespace Ehlo.Tests.Reference;

/// <summary>
/// Every short sequence of the twelve shapes, against <see cref="ReferenceModel"/>: after each step the same replies, the same calls of
/// the session class in the same order, and the same memory.
/// </summary>
/// <remarks>
/// Only sequences of the full length are run, since each shorter one begins some of them; a step is compared when it is first reached.
/// </remarks>
public sealed class ExhaustiveTests
{
    private const int LengthWithoutIO = 6;
    private const int LengthInMemory = 4;

    // LMTP shares all but the hello and the replies to content, so what six commands could show beyond five is shown on SMTP.
    private const int LmtpLengthWithoutIO = 5;
    private const int LmtpLengthInMemory = 3;

    // What is left when a server does not answer; the machine may be busy with other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Shares of the work: the sequences of two.</summary>
    private static Shape[][] Beginnings => [.. Sequences.OfLength(2)];

    [Fact]
    public void Without_IO_every_sequence_of_six_is_as_the_model_has_it() => CompareWithoutIO(isLmtp: false, [], LengthWithoutIO);

    [Theory]
    [InlineData]
    [InlineData(Shape.EhloAccepted, Shape.Mail, Shape.RcptAccepted)]
    public void Of_LMTP_without_IO_every_sequence_of_five_is_as_the_model_has_it(params Shape[] start) =>
        CompareWithoutIO(isLmtp: true, start, LmtpLengthWithoutIO);

    private static void CompareWithoutIO(bool isLmtp, Shape[] start, int length)
    {
        (_, SmtpListener listener) = NewServer(isLmtp);
        long steps = 0;
        Parallel.ForEach(Beginnings, Parallelism, beginning =>
        {
            ModelWalk walk = new(isLmtp);
            ArrayBufferWriter<byte> output = new(1024);
            byte[] input = new byte[128];
            foreach (Shape[] sequence in Sequences.Beginning(beginning, length).Where(all => all.Length == length))
            {
                walk.Begin([.. start, .. sequence]);
                ShapeSession session = new(listener.SessionOptions, output, input);
                for (int i = 0; i < walk.Sequence.Length; i++)
                {
                    session.Send(walk.Sequence[i]);
                    if (i >= walk.FirstNew) walk.Compare(i, session.Observe());
                }
            }
            Interlocked.Add(ref steps, walk.Compared);
        });
        // Each beginning's own two steps, and those of the start, are compared in each share.
        Assert.Equal(Sequences.Count(length) - Sequences.Count(2) + ((start.Length + 2) * Beginnings.Length), steps);
    }

    // Four commands alone get no further than a first chunk, so they are also sent where it could come next.
    [Theory]
    [InlineData]
    [InlineData(Shape.EhloAccepted, Shape.Mail, Shape.RcptAccepted)]
    public Task In_memory_through_the_driver_every_sequence_of_four_is_as_the_model_has_it(params Shape[] start) =>
        CompareInMemoryAsync(isLmtp: false, start, LengthInMemory);

    [Theory]
    [InlineData]
    [InlineData(Shape.EhloAccepted, Shape.Mail, Shape.RcptAccepted)]
    public Task Of_LMTP_in_memory_through_the_driver_every_sequence_of_three_is_as_the_model_has_it(params Shape[] start) =>
        CompareInMemoryAsync(isLmtp: true, start, LmtpLengthInMemory);

    private static async Task CompareInMemoryAsync(bool isLmtp, Shape[] start, int length)
    {
        (SmtpServer server, SmtpListener listener) = NewServer(isLmtp);
        await using (server)
        {
            long steps = 0;
            await Parallel.ForEachAsync(Beginnings, Parallelism, async (beginning, cancellationToken) =>
            {
                ModelWalk walk = new(isLmtp);
                foreach (Shape[] sequence in Sequences.Beginning(beginning, length).Where(all => all.Length == length))
                {
                    walk.Begin([.. start, .. sequence]);
                    await RunAsync(new(server, listener), walk, cancellationToken);
                }
                Interlocked.Add(ref steps, walk.Compared);
            });
            Assert.Equal(Sequences.Count(length) - Sequences.Count(2) + ((start.Length + 2) * Beginnings.Length), steps);
        }
    }

    [Fact]
    public void A_difference_is_found_and_names_its_sequence()
    {
        (_, SmtpListener listener) = NewServer();
        ModelWalk walk = new(isLmtp: false);
        walk.Begin([Shape.EhloAccepted, Shape.Mail]);
        ShapeSession session = new(listener.SessionOptions, new(), new byte[128]);
        session.Send(Shape.EhloAccepted);
        walk.Compare(0, session.Observe());
        session.Send(Shape.Rset);
        string message = Assert.ThrowsAny<Exception>(() => walk.Compare(1, session.Observe())).Message;
        Assert.Contains("EhloAccepted, Mail\n", message, StringComparison.Ordinal);
        Assert.Contains("expected 250 | OnMail | EHLO a.example; nobody; transaction to 0", message, StringComparison.Ordinal);
    }

    private static ParallelOptions Parallelism => new()
    {
        MaxDegreeOfParallelism = Environment.ProcessorCount,
        CancellationToken = TestContext.Current.CancellationToken,
    };

    private static async Task RunAsync(ShapeConnection connection, ModelWalk walk, CancellationToken cancellationToken)
    {
        // One source for a whole sequence: a timer for each reply would cost more than the reply.
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        int step = 0;
        try
        {
            await connection.BeginAsync(patience.Token);
            for (; step < walk.Sequence.Length; step++)
            {
                int replies = walk.Expected(step).Replies.Count;
                Observation actual = await connection.SendAsync(walk.Sequence[step], replies, patience.Token);
                if (step >= walk.FirstNew) walk.Compare(step, actual);
            }
            Assert.Equal(walk.AtDisconnect, await connection.EndAsync(patience.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string awaited = step < walk.Sequence.Length
                ? $"{walk.Expected(step).Replies.Count} replies to it"
                : "the end of the connection";
            Assert.Fail($"{walk.Name(Math.Min(step, walk.Sequence.Length - 1))}\nwaited in vain for {awaited}");
        }
    }

    private static (SmtpServer Server, SmtpListener Listener) NewServer(bool isLmtp = false)
    {
        SmtpListener listener = new(new IPEndPoint(IPAddress.Loopback, 0))
        {
            Protocol = isLmtp ? MailProtocol.Lmtp : MailProtocol.Smtp,
            AllowPlaintextAuthentication = true,
        };
        return (new(new() { ServerName = "mx.example", Listeners = { listener } }, ShapeConnection.NewSession), listener);
    }

    /// <summary>The model, sent one sequence after another that begins mostly alike.</summary>
    private sealed class ModelWalk(bool isLmtp)
    {
        private readonly ReferenceModel _model = new(isLmtp);
        private readonly List<Observation> _expected = [];

        public Shape[] Sequence { get; private set; } = [];

        /// <summary>The first step that the sequence before did not have.</summary>
        public int FirstNew { get; private set; }

        public long Compared { get; private set; }

        /// <summary>What a lost connection leads to.</summary>
        public string AtDisconnect => (_expected[^1].After.Chunking ? Calls.MessageAborted + ", " : "")
            + (_expected[^1].After.InTransaction ? "OnReset(Disconnected), " : "") + "Dispose";

        public Observation Expected(int step) => _expected[step];

        public string Name(int step) => string.Join(", ", Sequence.Take(step + 1));

        public void Begin(Shape[] sequence)
        {
            FirstNew = Sequence.AsSpan().CommonPrefixLength(sequence);
            Sequence = sequence;
            _expected.RemoveRange(FirstNew, _expected.Count - FirstNew);
            _model.State = FirstNew == 0 ? default : _expected[^1].After;
            for (int i = FirstNew; i < sequence.Length; i++) _expected.Add(_model.Apply(sequence[i]));
        }

        public void Compare(int step, Observation actual)
        {
            Compared++;
            if (_expected[step].Difference(actual) is { } difference) Assert.Fail($"{Name(step)}\n{difference}");
        }
    }
}
